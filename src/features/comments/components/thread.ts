import type { Comment, CommentPage } from "../schema.ts";

/** Levels that are indented. Deeper replies are folded. */
export const levelsShown = 3;

/** A comment with the replies below it, oldest first. */
export interface ThreadNode {
  readonly comment: Comment;
  /** 0 for a top-level comment. */
  readonly depth: number;
  readonly replies: readonly ThreadNode[];
}

/** A comment inside a fold. It is not indented, so it names its parent. */
export interface FoldedReply {
  readonly comment: Comment;
  /** The parent; `undefined` when it is not on the page. */
  readonly answers: Comment | undefined;
}

/**
 * Builds the tree of a flat list. A reply whose parent is not on the page is placed directly below the
 * top-level comment of its branch, or is a root when that one is missing too.
 */
export function buildThread(comments: readonly Comment[]): readonly ThreadNode[] {
  const known = new Set(comments.map((comment) => comment.id));
  const repliesOf = new Map<string | null, Comment[]>();
  for (const comment of comments) {
    const { id, parentId, branchId } = comment;
    const above =
      parentId === null
        ? null
        : ([parentId, branchId].find((each) => each !== id && known.has(each)) ?? null);
    repliesOf.set(above, [...(repliesOf.get(above) ?? []), comment]);
  }
  const nodesBelow = (parentId: string | null, depth: number): readonly ThreadNode[] =>
    (repliesOf.get(parentId) ?? []).map((comment) => ({
      comment,
      depth,
      replies: nodesBelow(comment.id, depth + 1),
    }));
  return nodesBelow(null, 0);
}

/** All comments below a node in reading order, each with its parent. */
export function foldReplies(node: ThreadNode): readonly FoldedReply[] {
  return node.replies.flatMap((reply) => [
    {
      comment: reply.comment,
      answers: reply.comment.parentId === node.comment.id ? node.comment : undefined,
    },
    ...foldReplies(reply),
  ]);
}

/** Whether a comment is a tombstone: deleted, and kept for the replies of other people. */
export const isTombstone = ({ author }: Comment): boolean => author === null;

/** Number of comments without tombstones. */
export const countComments = (comments: readonly Comment[]): number =>
  comments.filter((comment) => !isTombstone(comment)).length;

/**
 * The list after a deletion, as the server will return it: the comment becomes a tombstone when other
 * people have replied, else it is removed with its subtree. Tombstones without replies are removed.
 */
export function deleteFrom(
  comments: readonly Comment[],
  id: string,
  folded: CommentPage["folded"] = {},
): readonly Comment[] {
  const target = comments.find((comment) => comment.id === id);
  if (target === undefined) return comments;
  const below = subtreeOf(comments, id);
  // Replies that are not on the page may be by other people. The next fetch corrects this.
  const isAnswered =
    folded[id] !== undefined ||
    comments.some(
      ({ id: replyId, author }) =>
        below.has(replyId) && author !== null && author.id !== target.author?.id,
    );
  if (isAnswered) {
    const tombstone = { ...target, body: "", editedAt: null, author: null };
    return comments.map((comment) => (comment === target ? tombstone : comment));
  }
  const left = comments.filter((comment) => !below.has(comment.id));
  const above = left.find((comment) => comment.id === target.parentId);
  const isBare = !left.some(({ parentId }) => parentId === above?.id);
  return above && isTombstone(above) && isBare && folded[above.id] === undefined
    ? deleteFrom(left, above.id, folded)
    : left;
}

/** The page after a deletion, with the new number of comments. */
export function deleteFromPage(page: CommentPage, id: string): CommentPage {
  const comments = deleteFrom(page.comments, id, page.folded);
  const removed = countComments(page.comments) - countComments(comments);
  return { ...page, comments, total: page.total - removed };
}

/** The ids of a comment and everything below it. */
function subtreeOf(comments: readonly Comment[], id: string): ReadonlySet<string> {
  const found = new Set([id]);
  // A parent precedes its replies, since the list is in order of time.
  for (const { id: replyId, parentId } of comments) {
    if (parentId !== null && found.has(parentId)) found.add(replyId);
  }
  return found;
}
