import { and, eq } from "drizzle-orm";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { signedTextOf } from "@/lib/evidence/signing.ts";
import type { IngestWay, Observation, ObservationInput } from "../schema.ts";
import {
  correctedBy,
  type EvidenceReadContext,
  readFreshness,
  toEntry,
} from "./list-observations.ts";

/**
 * One observation with its source and its signature, which is checked now.
 *
 * @throws {AppError} `not_found` when it does not exist or the viewer may not read it; both look the same.
 */
export async function getObservation(
  { tx, keys }: EvidenceReadContext,
  { publicationId, number }: ObservationInput,
): Promise<Observation> {
  const [freshness, [row]] = await Promise.all([
    readFreshness(tx, publicationId),
    tx
      .select({
        ...signedColumns,
        correctedBy: correctedBy(),
        recorder: { handle: users.handle, name: users.name },
      })
      .from(observations)
      .leftJoin(users, eq(users.id, observations.recordedBy))
      .where(and(eq(observations.publicationId, publicationId), eq(observations.number, number))),
  ]);
  if (row === undefined) {
    throw new AppError("not_found", "This observation does not exist, or you cannot read it.");
  }
  const { recorder, ...signed } = row;
  const { keyId, signature, hash, previousHash, ingestKey } = signed;
  return {
    ...freshness,
    ...(await toEntry(keys, signed)),
    recordedBy: recorder,
    way: ingestKey.slice(0, ingestKey.indexOf(":")) as IngestWay,
    signature: { keyId, signature, hash, previousHash, text: signedTextOf(signed) },
  };
}
