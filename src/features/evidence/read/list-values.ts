import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations } from "@/db/schema.ts";
import { type FigureRow, toFigureRows } from "@/lib/evidence/figure-row.ts";
import { valuesShown } from "../limits.ts";
import type { ValuesInput } from "../schema.ts";
import type { EvidenceReadContext } from "./list-observations.ts";

/** The observations with the last values of a figure, by event, and their corrections, as far as the viewer may read. */
export async function listValues(
  { tx, keys }: EvidenceReadContext,
  { publicationId, ...figure }: ValuesInput,
): Promise<readonly FigureRow[]> {
  const ofPublication = eq(observations.publicationId, publicationId);
  const shown = tx
    .select({ number: observations.number })
    .from(observations)
    .where(
      and(ofPublication, sql`${observations.figures} @> ${JSON.stringify([figure])}::text::jsonb`),
    )
    .orderBy(desc(observations.eventAt), desc(observations.number))
    .limit(valuesShown);
  const signed = await tx
    .select(signedColumns)
    .from(observations)
    .where(
      and(
        ofPublication,
        or(inArray(observations.number, shown), inArray(observations.corrects, shown)),
      ),
    )
    .orderBy(observations.number);
  return toFigureRows(keys, signed);
}
