import { asc, sql } from "drizzle-orm";
import { contentColumns } from "@/db/rows/desk-columns.ts";
import { chatContents } from "@/db/schema.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { messagesShown } from "./limits.ts";
import type { ChatContent, DeskInput } from "./schema.ts";

/** The parts of the last messages of a publication's chat. Empty for viewers who are no members. */
export async function listContents(
  { tx }: Pick<ReadContext, "tx">,
  { publicationId }: DeskInput,
): Promise<readonly ChatContent[]> {
  return tx
    .select(contentColumns)
    .from(chatContents)
    .where(
      sql`${chatContents.messageId} in (
        select id from chat_messages where publication_id = ${publicationId}
        order by created_at desc, id desc limit ${messagesShown})`,
    )
    .orderBy(asc(chatContents.messageId), asc(chatContents.position));
}
