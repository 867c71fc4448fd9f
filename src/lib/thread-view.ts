import type { CommentWindow } from "./comment-window.ts";

/** Maximum comments of one page of a thread. */
export const mostCommentsOfPage = 100;

/**
 * A page of a thread as it was loaded. Two views with the same window differ when an edge has moved, so that the
 * second one shows older comments than the first one.
 */
export interface ThreadView {
  readonly window: CommentWindow;
  /** Identifies the edges of the page. Empty: the page is the whole thread. */
  readonly beyond: string;
}

/** The newest page of a thread that fits on one page. */
export const wholeThread: ThreadView = { window: {}, beyond: "" };

/** The view of a loaded page. */
export function viewOf(
  window: CommentWindow,
  page:
    | { readonly older: string | null; readonly folded: Readonly<Record<string, number>> }
    | undefined,
): ThreadView {
  const isWhole =
    page === undefined || (page.older === null && Object.keys(page.folded).length === 0);
  return { window, beyond: isWhole ? "" : JSON.stringify([page.older, page.folded]) };
}
