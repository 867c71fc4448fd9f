import type { Comment } from "@/features/comments/schema.ts";
import type { Read } from "./reads.ts";

/** Remembers what one tab was shown, and notices when time runs backwards. */
export interface History {
  readonly saw: (read: Read, data: unknown) => void;
}

/**
 * Edits write `edit <n>` with a growing n, and nobody writes a deleted comment again: so a thread that
 * shows a smaller n, or a comment that was gone, is older than what was shown before it.
 */
export function createHistory(accuse: (what: string) => void): History {
  const threads = new Map<string, { readonly gone: Set<string>; last: readonly Comment[] }>();
  return {
    saw: (read, data) => {
      if (read.page === undefined) return;
      const comments = data as readonly Comment[];
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
      for (const id of before.keys()) seen.gone.add(id);
      seen.last = comments;
    },
  };
}

const editOf = ({ body }: Comment) => Number(/^edit (\d+)/.exec(body)?.[1] ?? 0);
