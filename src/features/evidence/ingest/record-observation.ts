import { sql } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { ObservationDraft } from "../schema.ts";
import { appendObservations, RowProblemsError } from "./append-observations.ts";

interface RecordedObservation {
  readonly publicationId: string;
  readonly formId: string;
  readonly observation: ObservationDraft;
}

/**
 * Records one observation of a member. A repeated request with the same form records nothing.
 *
 * @returns its number
 * @throws {AppError} `forbidden`, `invalid_input`, `unavailable`
 */
export async function recordObservation(
  { tx, viewer, keys }: Pick<WriteContext, "tx" | "viewer"> & { readonly keys: EvidenceKeys },
  { publicationId, formId, observation }: RecordedObservation,
): Promise<number> {
  const { numbers } = await appendObservations({
    tx,
    keys,
    publicationId,
    recordedBy: viewer.userId,
    drafts: [{ ...observation, ingestKey: `form:${formId}` }],
    head: sql`app.open_evidence(${publicationId})`,
  }).catch((error: unknown) => {
    if (!(error instanceof RowProblemsError)) throw error;
    const message = error.problems[0]?.message ?? "";
    const field = observation.corrects === null ? "eventAt" : "corrects";
    throw new AppError("invalid_input", message, {
      cause: error,
      fieldErrors: { [message.startsWith("The event") ? "eventAt" : field]: [message] },
    });
  });
  return numbers[0] ?? 0;
}
