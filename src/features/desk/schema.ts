import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";
import { messageLength } from "./limits.ts";

/** A message without its text, which is in {@link ChatContent}. Times are ISO 8601. */
export interface ChatMessage {
  readonly id: string;
  /** Null: the analyst. */
  readonly author: { readonly handle: string; readonly name: string } | null;
  /** `asked`: a question to the analyst. Its answer is `writing`, then `complete` or `failed`. */
  readonly state: "said" | "asked" | "writing" | "complete" | "failed";
  /** Of a complete answer: whether every claim is cited. */
  readonly grounded: boolean | null;
  /** Citations of a grounded answer that can no longer ground a claim, such as `OBS-0042`. */
  readonly lost: readonly string[];
  readonly createdAt: string;
}

/** A part of a message. */
export interface ChatContent {
  readonly id: string;
  readonly messageId: string;
  readonly position: number;
  readonly version: number;
  readonly text: string;
}

/** The readers of one minute, which has ended. */
export interface ReaderMinute {
  readonly id: string;
  readonly minute: string;
  readonly readers: number;
  readonly version: number;
}

/** Numbers of unread messages by the id of their publication. */
export type UnreadCounts = Readonly<Record<string, number>>;

export const deskInput = z.object({ publicationId: z.uuid() });
export type DeskInput = z.infer<typeof deskInput>;

export const markSeenInput = z.object({ publicationId: z.uuid(), messageId: z.uuid() });
export type MarkSeenInput = z.infer<typeof markSeenInput>;

export const sayInput = z.object({
  publicationId: z.uuid(),
  /** Made by the page, so that a repeated request writes one message. */
  messageId: z.uuid(),
  text: typedText()
    .trim()
    .min(1, { error: "Enter a message." })
    .max(messageLength, { error: `A message has at most ${messageLength} characters.` }),
  /** Whether the analyst answers it. */
  isQuestion: z.boolean(),
});
export type SayInput = z.infer<typeof sayInput>;
