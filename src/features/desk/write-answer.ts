import { and, eq, gte, ne, sql } from "drizzle-orm";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { chatContents, chatMessages } from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";
import { messageAdded } from "./signals.ts";

/** A question of a member in the chat. */
export interface ChatQuestion {
  readonly messageId: string;
  readonly publicationId: string;
  readonly text: string;
}

/** An attempt to write an answer. A later attempt ends it. */
export interface OpenAnswer {
  readonly answerId: string;
  readonly publicationId: string;
  readonly attempt: number;
}

/** The question, or null when it was deleted with its author or publication. */
export async function findQuestion(
  { tx }: Pick<JobContext, "tx">,
  messageId: string,
): Promise<ChatQuestion | null> {
  const [row] = await tx
    .select({ publicationId: chatMessages.publicationId, text: chatContents.text })
    .from(chatMessages)
    .innerJoin(chatContents, eq(chatContents.messageId, chatMessages.id))
    .where(and(eq(chatMessages.id, messageId), eq(chatMessages.state, "asked")))
    .limit(1);
  return row === undefined ? null : { messageId, ...row };
}

/** Begins the answer to a question, or begins it again after a failure. Null when it is complete. */
export async function beginAnswer(
  { tx, publish }: JobContext,
  { messageId, publicationId }: ChatQuestion,
): Promise<OpenAnswer | null> {
  const [answer] = await tx
    .insert(chatMessages)
    .values({ id: sql`gen_random_uuid()`, publicationId, questionId: messageId, state: "writing" })
    .onConflictDoUpdate({
      target: chatMessages.questionId,
      set: { state: "writing", attempt: sql`${chatMessages.attempt} + 1` },
      setWhere: ne(chatMessages.state, "complete"),
    })
    .returning({ answerId: chatMessages.id, attempt: chatMessages.attempt });
  if (answer === undefined) return null;
  await publish(...messageAdded(publicationId, answer.answerId));
  return { ...answer, publicationId };
}

const isOpen = ({ answerId, attempt }: OpenAnswer) =>
  and(
    eq(chatMessages.id, answerId),
    eq(chatMessages.attempt, attempt),
    eq(chatMessages.state, "writing"),
  );

/**
 * Writes a part of an answer. A part of an earlier attempt at this position is replaced.
 *
 * @returns whether it was written. It is not when the answer has ended, or was begun again.
 */
export async function writePart(
  { tx, publish }: JobContext,
  answer: OpenAnswer,
  position: number,
  text: string,
): Promise<boolean> {
  const { answerId, publicationId } = answer;
  // Held to the commit: a later attempt begins after this part, and replaces it.
  const held = await tx.select().from(chatMessages).where(isOpen(answer)).for("share");
  if (held.length === 0) return false;
  const [part] = await tx
    .insert(chatContents)
    .values({ messageId: answerId, publicationId, position, text })
    .onConflictDoUpdate({
      target: [chatContents.messageId, chatContents.position],
      set: { text, version: sql`${chatContents.version} + 1` },
    })
    .returning({ contentId: chatContents.id });
  if (part !== undefined) {
    await publish(signal(channels.chat({ publicationId }), "chat.content", part));
  }
  return true;
}

/** How an answer ended. */
export type AnswerEnd =
  | { readonly state: "failed" }
  | {
      readonly state: "complete";
      /** Number of its parts. Those of an earlier, longer attempt are emptied. */
      readonly parts: number;
      readonly grounded: boolean;
      /** Numbers of the cited observations. */
      readonly citations: readonly number[];
    };

/** Ends an answer. One that is complete, or was begun again, stays as it is. */
export async function endAnswer(
  { tx, publish }: JobContext,
  answer: OpenAnswer,
  end: AnswerEnd,
): Promise<void> {
  const { answerId, publicationId } = answer;
  const chat = channels.chat({ publicationId });
  const ended = await tx
    .update(chatMessages)
    .set(
      end.state === "failed"
        ? { state: end.state }
        : { state: end.state, grounded: end.grounded, citations: [...end.citations] },
    )
    .where(isOpen(answer))
    .returning({ messageId: chatMessages.id });
  if (ended.length === 0) return;
  const emptied =
    end.state === "failed"
      ? []
      : await tx
          .update(chatContents)
          .set({ text: "", version: sql`${chatContents.version} + 1` })
          .where(
            and(
              eq(chatContents.messageId, answerId),
              gte(chatContents.position, end.parts),
              ne(chatContents.text, ""),
            ),
          )
          .returning({ contentId: chatContents.id });
  await publish(
    ...ended.map((ids) => signal(chat, "chat.message-changed", ids)),
    ...emptied.map((ids) => signal(chat, "chat.content", ids)),
  );
}
