import { unreadCountedAtMost } from "../limits.ts";

/** The number of unread messages, as far as they are counted. */
export const unreadWords = (unread: number): string =>
  unread < unreadCountedAtMost ? String(unread) : `${unreadCountedAtMost - 1}+`;
