import { AppError } from "../errors/app-error.ts";

/** The account that a page was rendered for. Every action carries it, see `runAction`. */
export interface PageStamp {
  /** Id of the account; null for a page that was rendered for a signed-out visitor. */
  readonly madeFor: string | null;
}

/** Request header of reads with the account id of the page; empty for a signed-out visitor. */
export const pageViewerHeader = "x-page-viewer";
/** Field of a form with the account id of the page, for forms that are sent without JavaScript too. */
export const pageViewerField = "pageViewer";

/** The stamp of the page in this browser tab, as the layout wrote it on the document. */
export function pageStamp(): PageStamp {
  return { madeFor: document.documentElement.dataset.viewer || null };
}

/** The headers of a read or write that this page sends with `fetch`. */
export function pageHeaders(): Record<string, string> {
  return { [pageViewerHeader]: pageStamp().madeFor ?? "" };
}

/**
 * Refuses a request when the page was rendered for another account than that of the cookie.
 *
 * @param madeFor account id of the page, null for a signed-out visitor
 * @param userId account id of the session of the cookie, null without one
 * @throws {AppError} `unauthenticated` when the session has ended; `other_viewer` when it is another
 * account's.
 */
export function assertMadeFor(madeFor: string | null, userId: string | null): void {
  if (madeFor === userId) return;
  if (userId === null) {
    throw new AppError(
      "unauthenticated",
      "You are signed out. Nothing was changed. Sign in again and repeat this.",
    );
  }
  throw new AppError(
    "other_viewer",
    "Another account is now signed in in this browser. Nothing was changed. Reload the page to go on.",
  );
}
