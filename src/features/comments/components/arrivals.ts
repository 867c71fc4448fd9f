import type { Comment } from "../schema.ts";
import { buildThread, type ThreadNode } from "./thread.ts";

/** What a reader is shown of a thread, and what has arrived and waits until they ask for it. */
export interface Shown {
  readonly comments: readonly Comment[];
  /** Arrived, and not shown yet. */
  readonly waiting: readonly Comment[];
}

/**
 * Splits a thread into what is shown and what waits. With a comment that waits its replies wait: they
 * would hang in the air.
 */
export function split(comments: readonly Comment[], waitingIds: ReadonlySet<string>): Shown {
  const hidden = new Set<string>();
  // A parent always comes before its replies, since the list is in order of time.
  for (const { id, parentId } of comments) {
    if (waitingIds.has(id) || (parentId !== null && hidden.has(parentId))) hidden.add(id);
  }
  return {
    comments: comments.filter(({ id }) => !hidden.has(id)),
    waiting: comments.filter(({ id }) => hidden.has(id)),
  };
}

/**
 * The comment after which each one would stand on the page, in reading order and among those that are
 * shown; `null` for the head of the thread.
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
