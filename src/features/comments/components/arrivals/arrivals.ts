import type { Comment } from "../../schema.ts";
import { buildThread, type ThreadNode } from "../thread.ts";

/** The comments of a thread that are shown, and new ones that are held back until requested. */
export interface Shown {
  readonly comments: readonly Comment[];
  /** New, and not shown yet. */
  readonly waiting: readonly Comment[];
}

/**
 * Splits a thread into shown and held-back comments. Replies to a held-back comment are held back too,
 * since their parent is not shown.
 */
export function split(comments: readonly Comment[], waitingIds: ReadonlySet<string>): Shown {
  const hidden = new Set<string>();
  // A parent precedes its replies, since the list is in order of time.
  for (const { id, parentId } of comments) {
    if (waitingIds.has(id) || (parentId !== null && hidden.has(parentId))) hidden.add(id);
  }
  return {
    comments: comments.filter(({ id }) => !hidden.has(id)),
    waiting: comments.filter(({ id }) => hidden.has(id)),
  };
}

/**
 * For each comment the shown comment that precedes it in reading order; `null` for the start of the thread.
 */
export function predecessors(
  comments: readonly Comment[],
  isShown: (id: string) => boolean,
): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  let last: string | null = null;
  const visit = (nodes: readonly ThreadNode[]) => {
    for (const { comment, replies } of nodes) {
      found.set(comment.id, last);
      if (isShown(comment.id)) last = comment.id;
      visit(replies);
    }
  };
  visit(buildThread(comments));
  return found;
}
