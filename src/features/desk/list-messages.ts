import { desc, eq } from "drizzle-orm";
import { isoTime } from "@/db/rows/iso-time.ts";
import { chatMessages, users } from "@/db/schema.ts";
import type { ResolveCitations } from "@/lib/analyst/ground-sentence.ts";
import { lostCitations } from "@/lib/analyst/lost-citations.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { messagesShown } from "./limits.ts";
import type { ChatMessage, DeskInput } from "./schema.ts";

interface MessagesContext extends Pick<ReadContext, "tx"> {
  /** Finds the cited observations that can ground a claim now. */
  readonly resolve: ResolveCitations;
}

/**
 * The last messages of a publication's chat, oldest first. Empty for viewers who are no members. The citations of the
 * analyst's answers are resolved again.
 */
export async function listMessages(
  { tx, resolve }: MessagesContext,
  { publicationId }: DeskInput,
): Promise<readonly ChatMessage[]> {
  const rows = await tx
    .select({
      id: chatMessages.id,
      handle: users.handle,
      name: users.name,
      state: chatMessages.state,
      grounded: chatMessages.grounded,
      citations: chatMessages.citations,
      createdAt: isoTime(chatMessages.createdAt),
    })
    .from(chatMessages)
    .leftJoin(users, eq(users.id, chatMessages.authorId))
    .where(eq(chatMessages.publicationId, publicationId))
    .orderBy(desc(chatMessages.createdAt), desc(chatMessages.id))
    .limit(messagesShown);
  const lost = await lostCitations(rows, resolve);
  const messages = rows.map(({ handle, name, citations: _, ...row }, index) => ({
    ...row,
    lost: lost[index] ?? [],
    author: handle === null || name === null ? null : { handle, name },
  }));
  return messages.reverse();
}
