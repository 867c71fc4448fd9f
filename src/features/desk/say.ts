import { randomUUID } from "node:crypto";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { refusalOf } from "@/db/refusal-of.ts";
import { chatContents, chatMessages } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SayInput } from "./schema.ts";
import { messageAdded } from "./signals.ts";

/**
 * Writes a message into the chat of a publication, and requests an answer of the analyst to a question. The same id
 * again changes nothing.
 *
 * @throws {AppError} `not_found` when the viewer is no member.
 */
export async function say(
  { tx, viewer, publish, requestAnswer }: WriteContext,
  { publicationId, messageId, text, isQuestion }: SayInput,
): Promise<void> {
  const [written] = await tx
    .insert(chatMessages)
    .values({
      id: messageId,
      publicationId,
      authorId: viewer.userId,
      state: isQuestion ? "asked" : "said",
    })
    .onConflictDoNothing()
    .returning({ id: chatMessages.id })
    .catch((cause: unknown) => {
      const refusal = refusalOf(cause);
      if (refusal !== "insufficient_privilege" && refusal !== "foreign_key_violation") throw cause;
      throw new AppError("not_found", "This publication does not exist, or you are no member.", {
        cause,
      });
    });
  if (written === undefined) return;
  const contentId = randomUUID();
  await tx
    .insert(chatContents)
    .values({ id: contentId, messageId, publicationId, position: 0, text });
  await publish(
    ...messageAdded(publicationId, messageId),
    signal(channels.chat({ publicationId }), "chat.content", { contentId }),
  );
  if (isQuestion) await requestAnswer(messageId);
}
