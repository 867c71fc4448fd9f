import { lt, sql } from "drizzle-orm";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { readerMinutes } from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";

/** A timer for a full minute may fire a little earlier. */
const earlyMs = 1_000;

/**
 * Counts the readers of each publication in the last minute that has ended: visitors who opened an article for the
 * first time in a day. A repeated run corrects the numbers.
 * Minutes older than a day are deleted.
 *
 * @param at when the run is due, a full minute
 * @returns number of publications that had readers
 */
export async function countReaders({ tx, publish }: JobContext, at: Date): Promise<number> {
  const lastMinute = Math.floor((at.getTime() + earlyMs) / 60_000) - 1;
  const minute = new Date(lastMinute * 60_000).toISOString();
  const changed = await tx
    .insert(readerMinutes)
    .select(
      sql`select gen_random_uuid(), counted.publication_id, ${minute}::timestamptz, counted.readers, 1
        from app.count_readers(${minute}::timestamptz, ${minute}::timestamptz + interval '1 minute') as counted`,
    )
    .onConflictDoUpdate({
      target: [readerMinutes.publicationId, readerMinutes.minute],
      set: { readers: sql`excluded.readers`, version: sql`${readerMinutes.version} + 1` },
      setWhere: sql`${readerMinutes.readers} <> excluded.readers`,
    })
    .returning({ id: readerMinutes.id, publicationId: readerMinutes.publicationId });
  await tx.delete(readerMinutes).where(lt(readerMinutes.minute, sql`now() - interval '1 day'`));
  if (changed.length > 0) {
    await publish(
      ...changed.map(({ id, publicationId }) =>
        signal(channels.chart({ publicationId }), "readers.counted", { minuteId: id }),
      ),
    );
  }
  return changed.length;
}
