import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/** The chat of a publication's members, with the answers of the analyst. */
export const chat = liveData({
  title: "Chat of a publication",
  phase: 4,
  on: {
    chat: {
      "chat.message-added": ids("messageId"),
      "chat.message-changed": ids("messageId"),
      "chat.content": ids("contentId"),
    },
  },
  entities: ["chat.content"],
});

/**
 * New messages of a desk, for the pages of members that do not show the chat, so that no text of it travels to them; and
 * the visits of one member, for their other tabs.
 */
export const deskUnread = liveData({
  title: "Unread messages of a desk",
  phase: 4,
  on: {
    team: { "chat.message-added": ids("messageId") },
    user: { "desk.seen": ids("publicationId") },
  },
});

/** Readers of a publication, by the minute. */
export const readers = liveData({
  title: "Readers per minute",
  phase: 4,
  on: { chart: { "readers.counted": ids("minuteId") } },
  entities: ["readers.counted"],
});
