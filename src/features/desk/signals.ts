import { type OutgoingSignal, signal } from "querycast";
import { channels } from "@/channels/index.ts";

/** The signals of a new message: for pages that show the chat, and for those that count its unread messages. */
export const messageAdded = (
  publicationId: string,
  messageId: string,
): readonly OutgoingSignal[] => [
  signal(channels.chat({ publicationId }), "chat.message-added", { messageId }),
  signal(channels.team({ publicationId }), "chat.message-added", { messageId }),
];
