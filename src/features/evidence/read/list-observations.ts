import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { isoTime, isoTimeOrNull } from "@/db/rows/iso-time.ts";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { parseObservationRef, type SignedObservation } from "@/lib/evidence/observation.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { pageSize } from "../limits.ts";
import type {
  EvidenceFilter,
  EvidencePage,
  Freshness,
  ListObservationsInput,
  ObservationEntry,
} from "../schema.ts";

export type EvidenceReadContext = Pick<ReadContext, "tx"> & { readonly keys: EvidenceKeys };

/** The observations of a publication that the viewer may read and that match a filter, each with its signature checked. */
export async function listObservations(
  { tx, keys }: EvidenceReadContext,
  { publicationId, page = 1, ...filter }: ListObservationsInput,
): Promise<EvidencePage> {
  const [freshness, rows] = await Promise.all([
    readFreshness(tx, publicationId, filter.ingestedUntil),
    readSigned(tx, publicationId, filter, { limit: pageSize + 1, offset: (page - 1) * pageSize }),
  ]);
  const shown = await Promise.all(rows.slice(0, pageSize).map((row) => toEntry(keys, row)));
  return { ...freshness, rows: shown, hasMore: rows.length > pageSize };
}

export type SignedRow = SignedObservation & { readonly correctedBy: number | null };

/** Rows with all signed columns. Every read of the evidence log selects with it. */
export async function readSigned(
  tx: Transaction,
  publicationId: string,
  { order, words, clearance, eventUntil, ingestedUntil, before }: Omit<EvidenceFilter, "page">,
  { limit, offset = 0 }: { readonly limit: number; readonly offset?: number },
): Promise<readonly SignedRow[]> {
  return tx
    .select({ ...signedColumns, correctedBy: correctedBy(ingestedUntil) })
    .from(observations)
    .where(
      and(
        eq(observations.publicationId, publicationId),
        clearance && eq(observations.clearance, clearance),
        eventUntil ? sql`${observations.eventAt} <= ${eventUntil}::timestamptz` : undefined,
        ingestedUntil
          ? sql`${observations.ingestedAt} <= ${ingestedUntil}::timestamptz`
          : undefined,
        before ? lt(observations.number, parseObservationRef(before) ?? 0) : undefined,
        words ? sql`${searchText} @@ websearch_to_tsquery('english', ${words})` : undefined,
      ),
    )
    .orderBy(...(order === "event" ? [desc(observations.eventAt)] : []), desc(observations.number))
    .limit(limit)
    .offset(offset);
}

/** The words of an observation: statement, source, and names and units of figures. */
export const searchText: SQL = sql`(
  to_tsvector('english', ${observations.statement} || ' ' || ${observations.sourceName})
    || to_tsvector('english', ${observations.figures}))`;

/** The last correction, as of an ingest time, among the rows that the viewer may read. */
export const correctedBy = (ingestedUntil?: string) => sql<number | null>`(
  select max(later.number) from observations as later
  where later.publication_id = observations.publication_id and later.corrects = observations.number
    ${ingestedUntil === undefined ? sql`` : sql`and later.ingested_at <= ${ingestedUntil}::timestamptz`})`;

/** When this read happened, and the last ingest that the viewer may read. */
export async function readFreshness(
  tx: Transaction,
  publicationId: string,
  ingestedUntil?: string,
): Promise<Freshness> {
  const [row] = await tx.execute<{ readAt: string; lastIngestAt: string | null }>(sql`
    select ${isoTime(sql`clock_timestamp()`)} as "readAt",
      (select ${isoTimeOrNull(sql`max(ingested_at)`)} from observations
        where publication_id = ${publicationId}
          ${ingestedUntil === undefined ? sql`` : sql`and ingested_at <= ${ingestedUntil}::timestamptz`})
        as "lastIngestAt"`);
  return { readAt: row?.readAt ?? "", lastIngestAt: row?.lastIngestAt ?? null };
}

/** An observation as lists and exports show it, with the result of its check. */
export async function toEntry(keys: EvidenceKeys, row: SignedRow): Promise<ObservationEntry> {
  return {
    number: row.number,
    statement: row.statement,
    figures: row.figures,
    source: { name: row.sourceName, url: row.sourceUrl },
    eventAt: row.eventAt,
    ingestedAt: row.ingestedAt,
    clearance: row.clearance,
    corrects: row.corrects,
    correctedBy: row.correctedBy,
    integrity: await keys.verify(row),
  };
}
