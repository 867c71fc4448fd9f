import { asc, eq, inArray, sql } from "drizzle-orm";
import { openPage } from "@/db/rows/open-page.ts";
import { articles, comments, gists, users } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type Entry, planPage } from "./plan-page.ts";
import type { Comment, CommentPage, CommentWindow, ResourceRef } from "./schema.ts";
import { toComment } from "./to-comment.ts";

/** Bytes of the comments of one page as JSON. The largest comment is 30 KB of escaped characters. */
export const pageBytes = 128 * 1024;

/**
 * One page of a thread: its newest branches, or the part that a window names. The read is bounded by
 * {@link pageBytes} however long the thread is. Two statements: the ids of the thread, then the texts of
 * the page. The first one distinguishes an empty thread from a page that the viewer may not read.
 *
 * @throws {AppError} `not_found` for a page that does not exist or that the viewer may not read.
 */
export async function listComments(
  { tx }: ReadContext,
  ref: ResourceRef,
  window: CommentWindow = {},
): Promise<CommentPage> {
  const [, entries] = await Promise.all([openPage(tx, ref), readEntries(tx, ref)]);
  const plan = planPage(entries, window);
  // The response to the first statements ended their transaction, in which the page was opened.
  const [, found] = await Promise.all([
    openPage(tx, ref),
    readTexts(tx, plan.wanted, plan.branchOf),
  ]);
  const kept = new Map<string, Comment>();
  let bytes = 0;
  for (const id of plan.wanted) {
    const comment = found.get(id);
    // Deleted between the two statements. Its signal triggers the next fetch.
    if (comment === undefined) continue;
    bytes += Buffer.byteLength(JSON.stringify(comment)) + 1;
    if (bytes > pageBytes) break;
    kept.set(id, comment);
  }
  return {
    comments: entries.flatMap(({ id }) => kept.get(id) ?? []),
    total: entries.filter(({ isTombstone }) => !isTombstone).length,
    ...plan.describe(new Set(kept.keys())),
  };
}

/**
 * The ids of the comments that a page of a thread holds: at most {@link mostCommentsOfPage}.
 *
 * @throws {AppError} `not_found` for a page that does not exist or is not the viewer's to read.
 */
export async function listCommentIds(
  { tx }: ReadContext,
  ref: ResourceRef,
  window: CommentWindow = {},
): Promise<readonly string[]> {
  const [, entries] = await Promise.all([openPage(tx, ref), readEntries(tx, ref)]);
  return planPage(entries, window).wanted;
}

interface ThreadEntry extends Entry {
  readonly isTombstone: boolean;
}

async function readEntries(
  tx: ReadContext["tx"],
  { resourceType, resourceId }: ResourceRef,
): Promise<readonly ThreadEntry[]> {
  const fields = {
    id: comments.id,
    parentId: comments.parentId,
    at: sql<string>`to_char(${comments.createdAt} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'`,
    isTombstone: sql<boolean>`${comments.authorId} is null`,
  };
  const rows =
    resourceType === "article"
      ? await tx
          .select(fields)
          .from(articles)
          .leftJoin(comments, eq(comments.articleId, articles.id))
          .where(eq(articles.id, resourceId))
          .orderBy(asc(comments.createdAt), asc(comments.id))
      : await tx
          .select(fields)
          .from(gists)
          .leftJoin(comments, eq(comments.gistId, gists.id))
          .where(eq(gists.id, resourceId))
          .orderBy(asc(comments.createdAt), asc(comments.id));
  if (rows.length === 0) {
    throw new AppError("not_found", "This page does not exist, or you have no access to it.");
  }
  return rows.flatMap(({ id, ...row }) => (id === null ? [] : [{ id, ...row }]));
}

async function readTexts(
  tx: ReadContext["tx"],
  ids: readonly string[],
  branchOf: (id: string) => string,
): Promise<ReadonlyMap<string, Comment>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ comment: comments, author: users })
    .from(comments)
    .leftJoin(users, eq(users.id, comments.authorId))
    .where(inArray(comments.id, [...ids]));
  return new Map(
    rows.map(({ comment, author }) => [
      comment.id,
      toComment(comment, author, branchOf(comment.id)),
    ]),
  );
}
