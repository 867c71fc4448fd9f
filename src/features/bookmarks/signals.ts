import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

/** Bookmarks are private, so the signals go to the person's own channel. */
export const bookmarkAdded = (userId: string, resourceId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "bookmark.added", { resourceId });

export const bookmarkRemoved = (userId: string, resourceId: string): OutgoingSignal =>
  signal(channels.user({ userId }), "bookmark.removed", { resourceId });
