import type { Comment, CommentPage } from "@/features/comments/schema.ts";
import type { Read } from "../people/reads.ts";

/** Records the data that one tab was shown and reports data that is older than data shown before. */
export interface History {
  readonly saw: (read: Read, data: unknown) => void;
}

/**
 * Edits write `edit <n>` with a growing n, and deleted comments are never written again. So a thread with a
 * smaller n, or with a comment that was deleted, is older than the one shown before. A comment counts as
 * deleted when a page lacks it, unless newer comments may have moved it to an older page.
 */
export function createHistory(report: (what: string) => void): History {
  const threads = new Map<string, { readonly gone: Set<string>; last: readonly Comment[] }>();
  return {
    saw: (read, data) => {
      if (read.page === undefined) return;
      const page = data as CommentPage;
      const { comments } = page;
      const seen = threads.get(read.name) ?? { gone: new Set<string>(), last: [] };
      threads.set(read.name, seen);
      const before = new Map(seen.last.map((comment) => [comment.id, comment]));
      for (const comment of comments) {
        const older = before.get(comment.id);
        before.delete(comment.id);
        if (seen.gone.has(comment.id))
          report(`${read.name} shows ${comment.id} after it was deleted`);
        if (older !== undefined && editOf(older) > editOf(comment)) {
          report(`${read.name} shows ${comment.id} as "${comment.body}" after "${older.body}"`);
        }
      }
      for (const comment of before.values()) {
        if (!mayBeOlder(comment, seen.last, page)) seen.gone.add(comment.id);
      }
      seen.last = comments;
    },
  };
}

/** Whether a comment that was on the last page and is missing on this one may be on an older page. */
function mayBeOlder({ branchId }: Comment, last: readonly Comment[], page: CommentPage): boolean {
  if (page.folded[branchId] !== undefined) return true;
  const startedAt = last.find(({ id }) => id === branchId)?.createdAt ?? "";
  const oldest = page.comments[0]?.createdAt ?? "";
  // Comments of one transaction have the same time: any of their branches may have moved.
  return page.older !== null && startedAt <= oldest;
}

const editOf = ({ body }: Comment) => Number(/^edit (\d+)/.exec(body)?.[1] ?? 0);
