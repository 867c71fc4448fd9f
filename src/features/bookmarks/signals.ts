import { type OutgoingSignal, signal } from "querycast";
import { bookmarks } from "./live.ts";

/** What somebody keeps is nobody else's business: told to their own tabs and devices alone. */
export const bookmarkAdded = (userId: string, resourceId: string): OutgoingSignal =>
  signal(bookmarks.channels.user({ userId }), "bookmark.added", { resourceId });

export const bookmarkRemoved = (userId: string, resourceId: string): OutgoingSignal =>
  signal(bookmarks.channels.user({ userId }), "bookmark.removed", { resourceId });
