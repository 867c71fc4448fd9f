import { and, asc, eq, gt, sql } from "drizzle-orm";
import { minuteColumns } from "@/db/rows/desk-columns.ts";
import { readerMinutes } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { minutesShown } from "./limits.ts";
import type { DeskInput, ReaderMinute } from "./schema.ts";

/** The readers of the last hour by the minute, oldest first. Minutes without readers are left out. */
export async function listReaders(
  { tx }: Pick<ReadContext, "tx">,
  { publicationId }: DeskInput,
): Promise<readonly ReaderMinute[]> {
  return tx
    .select(minuteColumns)
    .from(readerMinutes)
    .where(
      and(
        eq(readerMinutes.publicationId, publicationId),
        gt(readerMinutes.minute, sql`now() - make_interval(mins => ${minutesShown})`),
      ),
    )
    .orderBy(asc(readerMinutes.minute));
}
