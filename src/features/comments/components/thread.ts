import type { Comment } from "../schema.ts";

/** Levels shown as a tree; what lies deeper is folded under the last of them. */
export const levelsShown = 3;

/** A comment with the replies below it, oldest first. */
export interface ThreadNode {
  readonly comment: Comment;
  /** 0 for what answers the page itself. */
  readonly depth: number;
  readonly replies: readonly ThreadNode[];
}

/** A comment inside a fold: no longer indented, so it says whom it answers. */
export interface FoldedReply {
  readonly comment: Comment;
  readonly answers: Comment;
}

/**
 * The tree of a flat list. A reply whose parent is not in the list (a read that ran between a
 * deletion and its cascade cannot happen, a bug can) becomes a root: better misplaced than unseen.
 */
export function buildThread(comments: readonly Comment[]): readonly ThreadNode[] {
  const known = new Set(comments.map((comment) => comment.id));
  const repliesOf = new Map<string | null, Comment[]>();
  for (const comment of comments) {
    const { parentId } = comment;
    const above = parentId !== null && known.has(parentId) ? parentId : null;
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

/** Everything below a node in reading order, each with the comment it answers. */
export function foldReplies(node: ThreadNode): readonly FoldedReply[] {
  return node.replies.flatMap((reply) => [
    { comment: reply.comment, answers: node.comment },
    ...foldReplies(reply),
  ]);
}

/** The list without a comment and everything below it. */
export function removeSubtree(comments: readonly Comment[], id: string): readonly Comment[] {
  const gone = new Set([id]);
  // A parent always comes before its replies, since the list is in order of time.
  for (const { id: replyId, parentId } of comments) {
    if (parentId !== null && gone.has(parentId)) gone.add(replyId);
  }
  return comments.filter((comment) => !gone.has(comment.id));
}
