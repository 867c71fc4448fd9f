import { desc, eq, sql } from "drizzle-orm";
import { chatMessages, users } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { messagesShown } from "./limits.ts";
import type { ChatMessage, DeskInput } from "./schema.ts";

/** The last messages of a publication's chat, oldest first. Empty for viewers who are no members. */
export async function listMessages(
  { tx }: Pick<ReadContext, "tx">,
  { publicationId }: DeskInput,
): Promise<readonly ChatMessage[]> {
  const rows = await tx
    .select({
      id: chatMessages.id,
      handle: users.handle,
      name: users.name,
      state: chatMessages.state,
      grounded: chatMessages.grounded,
      createdAt: sql<string>`to_json(${chatMessages.createdAt})#>>'{}'`,
    })
    .from(chatMessages)
    .leftJoin(users, eq(users.id, chatMessages.authorId))
    .where(eq(chatMessages.publicationId, publicationId))
    .orderBy(desc(chatMessages.createdAt), desc(chatMessages.id))
    .limit(messagesShown);
  return rows.reverse().map(({ handle, name, ...row }) => ({
    ...row,
    author: handle === null || name === null ? null : { handle, name },
  }));
}
