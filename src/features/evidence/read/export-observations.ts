import { stringify } from "csv-stringify/sync";
import { observationRef } from "@/lib/evidence/observation.ts";
import { signedTextOf } from "@/lib/evidence/signing.ts";
import { exportedRows } from "../limits.ts";
import type { ListObservationsInput } from "../schema.ts";
import {
  type EvidenceReadContext,
  readFreshness,
  readSigned,
  toEntry,
} from "./list-observations.ts";

/**
 * Exports the observations that the viewer may read and that match a filter, with signatures. Another program can check
 * each of them with the public key. The highest number is first. A file that was cut at `limit` names the observation
 * that the next file has to begin before.
 */
export async function exportObservations(
  { tx, keys }: EvidenceReadContext,
  { publicationId, page: _, ...filter }: ListObservationsInput,
  format: "csv" | "json",
  limit = exportedRows,
): Promise<string> {
  const [{ readAt, lastIngestAt }, rows] = await Promise.all([
    readFreshness(tx, publicationId, filter.ingestedUntil),
    readSigned(tx, publicationId, { ...filter, order: "ingested" }, { limit: limit + 1 }),
  ]);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const continuesBefore = last === undefined ? null : observationRef(last.number);
  const entries = await Promise.all(
    shown.map(async (row) => {
      const { number, corrects, correctedBy, ...entry } = await toEntry(keys, row);
      return {
        id: observationRef(number),
        ...entry,
        corrects: corrects === null ? null : observationRef(corrects),
        correctedBy: correctedBy === null ? null : observationRef(correctedBy),
        signature: { keyId: row.keyId, signature: row.signature, text: signedTextOf(row) },
      };
    }),
  );
  if (format === "json") {
    const exported = {
      readAt,
      dataAsOfIngestAt: lastIngestAt,
      continuesBefore,
      observations: entries,
    };
    return `${JSON.stringify(exported, null, 2)}\n`;
  }
  const table = entries.map(({ source, figures, signature, ...entry }) => ({
    id: entry.id,
    statement: entry.statement,
    figures: figures.map(({ name, value, unit }) => `${name} ${value} ${unit}`.trim()).join("; "),
    source_name: source.name,
    source_url: source.url,
    event_at: entry.eventAt,
    ingested_at: entry.ingestedAt,
    clearance: entry.clearance,
    corrects: entry.corrects,
    corrected_by: entry.correctedBy,
    integrity: entry.integrity,
    key_id: signature.keyId,
    signature: signature.signature,
    read_at: readAt,
    data_as_of_ingest_at: lastIngestAt,
    continues_before: continuesBefore,
  }));
  return stringify(table, {
    header: true,
    // Spreadsheets would run a cell that starts with = + - or @.
    escape_formulas: true,
    bom: true,
  });
}
