/** Characters of a message of a member. */
export const messageLength = 2_000;
/** Messages that the chat shows: the last ones. */
export const messagesShown = 50;
/** Unread messages are counted up to this number. */
export const unreadCountedAtMost = 100;
/** Minutes that the chart shows. */
export const minutesShown = 60;
