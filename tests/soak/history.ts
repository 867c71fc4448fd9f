import type { Comment, CommentPage } from "@/features/comments/schema.ts";
import type { Read } from "./reads.ts";

/** Remembers what one tab was shown, and notices when time runs backwards. */
export interface History {
  readonly saw: (read: Read, data: unknown) => void;
}

/**
 * Edits write `edit <n>` with a growing n, and nobody writes a deleted comment again: so a thread that
 * shows a smaller n, or a comment that was gone, is older than what was shown before it. A comment is gone
 * when a page lacks it, unless newer comments may have moved it to an older page.
 */
export function createHistory(accuse: (what: string) => void): History {
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
        if (seen.gone.has(comment.id)) accuse(`${read.name} shows ${comment.id} after it was gone`);
        if (older !== undefined && editOf(older) > editOf(comment)) {
          accuse(`${read.name} shows ${comment.id} as "${comment.body}" after "${older.body}"`);
        }
      }
      for (const comment of before.values()) {
        if (!mayBeOlder(comment, seen.last, page)) seen.gone.add(comment.id);
      }
      seen.last = comments;
    },
  };
}

/** Whether an older page may hold a comment that the last page held and this one lacks. */
function mayBeOlder({ branchId }: Comment, last: readonly Comment[], page: CommentPage): boolean {
  if (page.folded[branchId] !== undefined) return true;
  const startedAt = last.find(({ id }) => id === branchId)?.createdAt ?? "";
  const oldest = page.comments[0]?.createdAt ?? "";
  // Comments of one transaction have one time: any of their branches may be the one that moved.
  return page.older !== null && startedAt <= oldest;
}

const editOf = ({ body }: Comment) => Number(/^edit (\d+)/.exec(body)?.[1] ?? 0);
