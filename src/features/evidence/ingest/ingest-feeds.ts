import { isDeepStrictEqual } from "node:util";
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

/** An item of a feed. */
interface FeedDraft extends KeyedDraft {
  /** Its place in the feed, for messages. */
  readonly label: string;
}

/**
 * Records the items of a feed that are not in the log yet, by their ids. An item that cannot be recorded is left out,
 * and named in the state of the feed: it must not hold up the items after it. Of several items with one id the first
 * is recorded.
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
  await setState(tx, feed, problem?.slice(0, 500) ?? null);
  return recorded.count;
}

/** Notes in the state of a feed that its ingest failed. The failed transaction has noted nothing. */
export async function noteFailedFeed(
  { tx }: Pick<JobContext, "tx">,
  feed: Pick<FeedRow, "id">,
): Promise<void> {
  await setState(tx, feed, "The items could not be recorded. The next reading tries again.");
}

async function setState(
  tx: JobContext["tx"],
  { id }: Pick<FeedRow, "id">,
  error: string | null,
): Promise<void> {
  await tx
    .update(evidenceFeeds)
    .set({ readAt: sql`clock_timestamp()`, error })
    .where(eq(evidenceFeeds.id, id));
}

const failed = (message: string) => ({ drafts: [] as FeedDraft[], problems: [message] });

async function append(
  tx: JobContext["tx"],
  keys: EvidenceKeys,
  feed: FeedRow,
  drafts: readonly FeedDraft[],
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
    return { ...rest, problems: [`${drafts[first?.row ?? 0]?.label}: ${first?.message}`] };
  }
}

/** A feed is a JSON list of observations with ids. */
function parseFeed(feed: FeedRow, text: string): { drafts: FeedDraft[]; problems: string[] } {
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
  const drafts = new Map<string, FeedDraft>();
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
    const former = drafts.get(id);
    if (draft === null) problems.push(`${label}: ${wrong.join(" ")}`);
    else if (former === undefined) {
      drafts.set(id, { ...draft, label, ingestKey: `feed:${feed.id}/${id}` });
    } else if (!isDeepStrictEqual({ ...former, ...draft }, former)) {
      problems.push(`${label}: ${former.label} has the same id. Give each item its own id.`);
    }
  });
  return { drafts: [...drafts.values()], problems };
}
