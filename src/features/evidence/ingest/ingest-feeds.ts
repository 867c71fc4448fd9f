import { asc, eq, sql } from "drizzle-orm";
import { evidenceFeeds } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { JobContext } from "@/wiring/context-types.ts";
import { mostRows } from "../limits.ts";
import { appendObservations, type KeyedDraft, RowProblemsError } from "./append-observations.ts";
import { fromJson, parseRow } from "./parse-file.ts";

export interface FeedRow {
  readonly id: string;
  readonly publicationId: string;
  readonly name: string;
  readonly url: string;
  readonly clearance: (typeof evidenceFeeds.$inferSelect)["clearance"];
}

/** All feeds, for the job that reads them. */
export function listAllFeeds({ tx }: Pick<JobContext, "tx">): Promise<readonly FeedRow[]> {
  return tx
    .select({
      id: evidenceFeeds.id,
      publicationId: evidenceFeeds.publicationId,
      name: evidenceFeeds.name,
      url: evidenceFeeds.url,
      clearance: evidenceFeeds.clearance,
    })
    .from(evidenceFeeds)
    .orderBy(asc(evidenceFeeds.createdAt), asc(evidenceFeeds.id));
}

/**
 * Records the items of a feed that are not in the log yet, by their ids. An item that cannot be recorded is left out,
 * and named in the state of the feed: it must not hold up the items after it.
 *
 * @param text what the feed returned, or the error of reading it
 * @returns number of recorded observations
 */
export async function ingestFeed(
  { tx, keys }: Pick<JobContext, "tx"> & { readonly keys: EvidenceKeys },
  feed: FeedRow,
  text: string | Error,
): Promise<number> {
  const { drafts, problems } = text instanceof Error ? failed(text.message) : parseFeed(feed, text);
  const recorded = await append(tx, keys, feed, drafts);
  const [problem] = [...problems, ...recorded.problems];
  await tx
    .update(evidenceFeeds)
    .set({ readAt: sql`clock_timestamp()`, error: problem?.slice(0, 500) ?? null })
    .where(eq(evidenceFeeds.id, feed.id));
  return recorded.count;
}

const failed = (message: string) => ({ drafts: [] as KeyedDraft[], problems: [message] });

async function append(
  tx: JobContext["tx"],
  keys: EvidenceKeys,
  feed: FeedRow,
  drafts: readonly KeyedDraft[],
): Promise<{ readonly count: number; readonly problems: readonly string[] }> {
  if (drafts.length === 0) return { count: 0, problems: [] };
  try {
    const { added } = await appendObservations({
      tx,
      keys,
      drafts,
      publicationId: feed.publicationId,
      recordedBy: null,
      head: sql`app.evidence_head(${feed.publicationId})`,
    });
    return { count: added, problems: [] };
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") {
      return { count: 0, problems: [error.message] };
    }
    if (!(error instanceof RowProblemsError)) throw error;
    const wrong = new Set(error.problems.map(({ row }) => row));
    const rest = await append(
      tx,
      keys,
      feed,
      drafts.filter((_, row) => !wrong.has(row)),
    );
    const [first] = error.problems;
    return { ...rest, problems: [`Item ${(first?.row ?? 0) + 1}: ${first?.message}`] };
  }
}

/** A feed is a JSON list of observations with ids. */
function parseFeed(feed: FeedRow, text: string): { drafts: KeyedDraft[]; problems: string[] } {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return failed("The feed is not JSON.");
  }
  if (!Array.isArray(items)) return failed("The feed is not a list of observations.");
  if (items.length > mostRows) {
    return failed(`The feed has ${items.length} items, ${mostRows} are allowed.`);
  }
  const drafts: KeyedDraft[] = [];
  const problems: string[] = [];
  items.forEach((item: unknown, index) => {
    const label = `Item ${index + 1}`;
    const { id } = (item ?? {}) as { id?: unknown };
    if (typeof id !== "string" || !/^[\w.:/-]{1,200}$/.test(id)) {
      problems.push(`${label}: Its id is not a text of letters, digits and . : / - _.`);
      return;
    }
    const ofFeed = { clearance: feed.clearance, corrects: null };
    const fields = { sourceName: feed.name, ...(fromJson(item) as object), ...ofFeed };
    const { draft, problems: wrong } = parseRow(label, fields);
    if (draft === null) problems.push(`${label}: ${wrong.join(" ")}`);
    else drafts.push({ ...draft, ingestKey: `feed:${feed.id}/${id}` });
  });
  return { drafts, problems };
}
