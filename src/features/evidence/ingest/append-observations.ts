import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { refusalOf } from "@/db/refusal-of.ts";
import { observationRow } from "@/db/rows/observation-row.ts";
import { observations } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { type SignedObservation, toEvidenceTime } from "@/lib/evidence/observation.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { ObservationDraft } from "../schema.ts";

/** A draft with the key that makes a repeated ingest harmless. */
export type KeyedDraft = ObservationDraft & { readonly ingestKey: string };

/** A row that cannot be recorded, by its place in the input. */
export interface RowProblem {
  readonly row: number;
  readonly message: string;
}

/** At least one row cannot be recorded, so none is. */
export class RowProblemsError extends Error {
  override readonly name = "RowProblemsError";
  readonly problems: readonly RowProblem[];

  constructor(problems: readonly RowProblem[]) {
    super("Rows of an ingest cannot be recorded.");
    this.problems = problems;
  }
}

export interface AppendOptions {
  readonly tx: Transaction;
  readonly keys: EvidenceKeys;
  readonly publicationId: string;
  /** No two of them have the same key. */
  readonly drafts: readonly KeyedDraft[];
  readonly recordedBy: string | null;
  /** `app.open_evidence` for a member, `app.evidence_head` for a job. */
  readonly head: SQL;
}

export interface AppendedObservations {
  readonly numbers: readonly number[];
  readonly added: number;
}

/** How far the clock of a source may be ahead. */
const toleranceMs = 5 * 60_000;

/**
 * Signs observations and adds them to the log, in one statement. The head is read under a lock that lasts until the end
 * of the transaction, so numbers have no gaps and each row has the hash of the one before it. Drafts whose key is in
 * the log already are left out.
 *
 * @returns the numbers of all drafts in their order, and how many of them are new
 * @throws {RowProblemsError} before anything is written
 * @throws {AppError} `unavailable` without a signing key; `forbidden` without the permission
 */
export async function appendObservations(options: AppendOptions): Promise<AppendedObservations> {
  const { tx, keys, publicationId, drafts, recordedBy } = options;
  const { sign } = keys;
  if (sign === null) {
    throw new AppError(
      "unavailable",
      "This site cannot sign observations, so nothing was recorded. Its operator sets EVIDENCE_KEY.",
    );
  }
  const [head] = await tx.execute<{ number: number; hash: string; at: string; atMs: number }>(sql`
    select next_number as number, previous_hash as hash,
      to_char(ingested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
      (extract(epoch from ingested_at) * 1000)::float8 as "atMs"
    from ${options.head}`);
  if (head === undefined) {
    throw new AppError(
      "forbidden",
      "Your roles do not allow recording observations. Ask an owner of the publication.",
    );
  }
  const known = await findRecorded(tx, publicationId, drafts);
  const fresh = drafts.filter(({ ingestKey }) => !known.has(ingestKey));
  const problems = [
    ...futureEvents(drafts, head.atMs + toleranceMs),
    ...(await unknownCorrections(tx, publicationId, drafts)),
  ].sort((a, b) => a.row - b.row);
  if (problems.length > 0) throw new RowProblemsError(problems);

  const signed: SignedObservation[] = [];
  for (const draft of fresh) {
    const observation = sign({
      publicationId,
      recordedBy,
      statement: draft.statement,
      figures: draft.figures,
      clearance: draft.clearance,
      sourceName: draft.sourceName,
      sourceUrl: draft.sourceUrl,
      corrects: draft.corrects,
      eventAt: toEvidenceTime(draft.eventAt),
      ingestedAt: head.at,
      ingestKey: draft.ingestKey,
      number: head.number + signed.length,
      previousHash: signed.at(-1)?.hash ?? head.hash,
    });
    signed.push(observation);
    known.set(draft.ingestKey, observation.number);
  }
  if (signed.length > 0) await insert(tx, signed);
  const numbers = drafts.map(({ ingestKey }) => known.get(ingestKey) ?? 0);
  return { numbers, added: signed.length };
}

async function insert(tx: Transaction, signed: readonly SignedObservation[]): Promise<void> {
  await tx
    .insert(observations)
    .values(signed.map(observationRow))
    .catch((error: unknown) => {
      if (refusalOf(error) !== "insufficient_privilege") throw error;
      throw new AppError("forbidden", "Your roles do not allow observations of this clearance.", {
        cause: error,
      });
    });
}

async function findRecorded(
  tx: Transaction,
  publicationId: string,
  drafts: readonly KeyedDraft[],
): Promise<Map<string, number>> {
  const keysOfDrafts = drafts.map(({ ingestKey }) => ingestKey);
  const rows = await tx
    .select({ key: observations.ingestKey, number: observations.number })
    .from(observations)
    .where(
      and(
        eq(observations.publicationId, publicationId),
        inArray(observations.ingestKey, keysOfDrafts),
      ),
    );
  return new Map(rows.map(({ key, number }) => [key, number]));
}

const futureEvents = (drafts: readonly KeyedDraft[], latestMs: number): readonly RowProblem[] =>
  drafts.flatMap(({ eventAt }, row) =>
    eventAt.getTime() <= latestMs
      ? []
      : [{ row, message: "The event is in the future. Enter when it happened." }],
  );

/** Corrections of observations that do not exist or that the writer cannot read; both look the same. */
async function unknownCorrections(
  tx: Transaction,
  publicationId: string,
  drafts: readonly KeyedDraft[],
): Promise<readonly RowProblem[]> {
  const wanted = drafts.flatMap(({ corrects }) => (corrects === null ? [] : [corrects]));
  if (wanted.length === 0) return [];
  const found = await tx
    .select({ number: observations.number })
    .from(observations)
    .where(
      and(eq(observations.publicationId, publicationId), inArray(observations.number, wanted)),
    );
  const readable = new Set(found.map(({ number }) => number));
  return drafts.flatMap(({ corrects }, row) =>
    corrects === null || readable.has(corrects)
      ? []
      : [{ row, message: "The observation to correct does not exist, or you cannot read it." }],
  );
}
