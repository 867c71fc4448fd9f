import { type SQL, sql } from "drizzle-orm";
import { observations } from "../schema.ts";

/** A time with microseconds, as a signature covers it. */
const timeText = (column: SQL | typeof observations.eventAt | typeof observations.ingestedAt) =>
  sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Every column that a signature covers, and the signature. */
export const signedColumns = {
  publicationId: observations.publicationId,
  number: observations.number,
  statement: observations.statement,
  figures: observations.figures,
  sourceName: observations.sourceName,
  sourceUrl: observations.sourceUrl,
  eventAt: timeText(observations.eventAt),
  ingestedAt: timeText(observations.ingestedAt),
  clearance: observations.clearance,
  corrects: observations.corrects,
  recordedBy: observations.recordedBy,
  ingestKey: observations.ingestKey,
  previousHash: observations.previousHash,
  hash: observations.hash,
  signature: observations.signature,
  keyId: observations.keyId,
};
