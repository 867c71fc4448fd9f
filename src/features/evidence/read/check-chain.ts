import { and, asc, eq, gt, sql } from "drizzle-orm";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { observations, publications } from "@/db/schema.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { JobContext } from "@/wiring/context-types.ts";

type Run = <Result>(
  action: (context: Pick<JobContext, "tx">) => Promise<Result>,
) => Promise<Result>;

/** A row that is not what was signed, or a place where the chain is cut. */
export interface BrokenLink {
  readonly number: number;
  readonly reason: string;
}

/** The evidence log of one publication after the walk over it. */
export interface ChainReport {
  readonly slug: string;
  readonly checked: number;
  /** Hash of the last row. Kept elsewhere, it shows later that no row was removed at the end. */
  readonly headHash: string;
  readonly broken: readonly BrokenLink[];
}

export interface CheckChainsOptions {
  /** Runs a query with the rights of a job. */
  readonly run: Run;
  readonly keys: EvidenceKeys;
  /** Called after each batch. */
  readonly onProgress?: (checked: number, of: number) => void;
  /** Rows of a batch. Default 500. */
  readonly batch?: number;
}

const reasons = {
  broken: "The row was changed after it was signed.",
  unknown: "The row is signed with a key that this site does not trust.",
} as const;

/** Walks over the evidence logs of all publications: every signature, every link, and no number missing. */
export async function checkChains(options: CheckChainsOptions): Promise<readonly ChainReport[]> {
  const { run, keys, onProgress = () => {}, batch = 500 } = options;
  const logs = await run(({ tx }) =>
    tx
      .select({
        publicationId: observations.publicationId,
        slug: publications.slug,
        count: sql<number>`count(*)::int`,
      })
      .from(observations)
      .innerJoin(publications, eq(publications.id, observations.publicationId))
      .groupBy(observations.publicationId, publications.slug)
      .orderBy(asc(publications.slug)),
  );
  const total = logs.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  onProgress(done, total);
  const reports: ChainReport[] = [];
  for (const { publicationId, slug } of logs) {
    const broken: BrokenLink[] = [];
    let last = { number: 0, hash: "" };
    let checked = 0;
    for (;;) {
      const rows = await readBatch(run, publicationId, last.number, batch);
      const results = await Promise.all(rows.map((row) => keys.verify(row)));
      for (const [index, row] of rows.entries()) {
        const integrity = results[index] ?? "broken";
        if (integrity !== "verified")
          broken.push({ number: row.number, reason: reasons[integrity] });
        for (let missing = last.number + 1; missing < row.number; missing += 1) {
          broken.push({ number: missing, reason: "The row is missing." });
        }
        if (row.number === last.number + 1 && row.previousHash !== last.hash) {
          broken.push({
            number: row.number,
            reason: "The row does not continue the one before it.",
          });
        }
        last = row;
      }
      checked += rows.length;
      done += rows.length;
      onProgress(Math.min(done, total), total);
      if (rows.length < batch) break;
    }
    reports.push({ slug, checked, headHash: last.hash, broken });
  }
  return reports;
}

const readBatch = (run: Run, publicationId: string, after: number, limit: number) =>
  run(({ tx }) =>
    tx
      .select(signedColumns)
      .from(observations)
      .where(and(eq(observations.publicationId, publicationId), gt(observations.number, after)))
      .orderBy(asc(observations.number))
      .limit(limit),
  );
