import { and, desc, eq, sql } from "drizzle-orm";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations } from "@/db/schema.ts";
import { type FigureRow, toFigureRows } from "@/lib/evidence/figure-row.ts";
import { figuresShown } from "../limits.ts";
import type { PublicationEvidenceInput } from "../schema.ts";
import type { EvidenceReadContext } from "./list-observations.ts";

/** The last observation with a value of each figure that the viewer may read, newest first. */
export async function listFigures(
  { tx, keys }: EvidenceReadContext,
  { publicationId }: PublicationEvidenceInput,
): Promise<readonly FigureRow[]> {
  const lastOfEach = sql`(
    select max(number) from observations as each, jsonb_array_elements(each.figures) as figure
    where each.publication_id = ${publicationId}
    group by figure->>'name', figure->>'unit' order by 1 desc limit ${figuresShown})`;
  const signed = await tx
    .select(signedColumns)
    .from(observations)
    .where(
      and(
        eq(observations.publicationId, publicationId),
        sql`${observations.number} in ${lastOfEach}`,
      ),
    )
    .orderBy(desc(observations.number));
  return toFigureRows(keys, signed);
}
