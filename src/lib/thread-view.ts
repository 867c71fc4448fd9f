import { z } from "zod";
import { cursorText } from "./typed-text.ts";

/** Which part of a thread is read. Empty: its newest branches. */
export const commentWindow = z.object({
  /** Only what is older than this cursor. */
  before: cursorText().optional(),
  /** The branch of this comment, which is on the page, and the branches before it. */
  around: z.uuid().optional(),
  /** The replies of this top-level comment alone. */
  branch: z.uuid().optional(),
});
export type CommentWindow = z.infer<typeof commentWindow>;

/** The comments that one page of a thread holds at most. */
export const mostCommentsOfPage = 100;

/**
 * A page of a thread as it was loaded. Two views with the same window differ when an edge has moved, so that the
 * second one shows older comments than the first one.
 */
export interface ThreadView {
  readonly window: CommentWindow;
  /** What is beyond the edges of the page. Empty: nothing is. */
  readonly beyond: string;
}

/** The newest page of a thread that fits on one page. */
export const wholeThread: ThreadView = { window: {}, beyond: "" };

/** The view that a loaded page is. */
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
