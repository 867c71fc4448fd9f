import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations } from "@/db/schema.ts";
import type { EvidenceItem } from "@/lib/analyst/reasoner.ts";
import {
  correctedBy,
  type EvidenceReadContext,
  type SignedRow,
  searchText,
} from "./list-observations.ts";

/** Observations of one search. */
const foundAtMost = 8;

interface SearchInput {
  readonly publicationId: string;
  /** A question, or words. One of its words is enough. */
  readonly words: string;
}

/**
 * The observations that match a question best, among those that can ground a claim: the viewer may read them, their
 * signature is verified, and no correction that the viewer may read replaces them.
 */
export async function searchObservations(
  { tx, keys }: EvidenceReadContext,
  { publicationId, words }: SearchInput,
): Promise<readonly EvidenceItem[]> {
  // Any of the words, in place of all of them.
  const query = sql`replace(plainto_tsquery('english', ${words})::text, '&', '|')::tsquery`;
  const rows = await tx
    .select({ ...signedColumns, correctedBy: correctedBy() })
    .from(observations)
    .where(
      and(eq(observations.publicationId, publicationId), sql`${searchText} @@ ${query}`, isCurrent),
    )
    .orderBy(desc(sql`ts_rank(${searchText}, ${query})`), desc(observations.number))
    .limit(foundAtMost);
  return citable(keys, rows);
}

interface ResolveInput {
  readonly publicationId: string;
  readonly numbers: readonly number[];
}

/** The observations of these numbers that can ground a claim. Hidden, missing, broken and corrected ones are left out alike. */
export async function resolveObservations(
  { tx, keys }: EvidenceReadContext,
  { publicationId, numbers }: ResolveInput,
): Promise<readonly EvidenceItem[]> {
  if (numbers.length === 0) return [];
  const rows = await tx
    .select({ ...signedColumns, correctedBy: correctedBy() })
    .from(observations)
    .where(
      and(
        eq(observations.publicationId, publicationId),
        inArray(observations.number, [...numbers]),
        isCurrent,
      ),
    );
  return citable(keys, rows);
}

const isCurrent = sql`${correctedBy()} is null`;

async function citable(
  keys: EvidenceReadContext["keys"],
  rows: readonly SignedRow[],
): Promise<readonly EvidenceItem[]> {
  const integrity = await Promise.all(rows.map((row) => keys.verify(row)));
  return rows
    .filter((_, index) => integrity[index] === "verified")
    .map(({ number, statement, figures, sourceName, eventAt }) => ({
      number,
      statement,
      figures,
      sourceName,
      eventAt,
    }));
}
