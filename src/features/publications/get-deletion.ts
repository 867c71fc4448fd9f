import { sql } from "drizzle-orm";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { Deletion, PublicationInput } from "./schema.ts";

/** What the deletion of a publication removes and keeps. The policies show an owner every row that is counted. */
export async function getDeletion(
  { tx }: ReadContext,
  { publicationId }: PublicationInput,
): Promise<Deletion> {
  const count = (rows: ReturnType<typeof sql>) => sql<number>`(select count(*)::int from ${rows})`;
  const of = sql`publication_id = ${publicationId}`;
  const [row] = await tx.execute<{ [Field in keyof Deletion]: Deletion[Field] }>(sql`
    select ${publicationId}::uuid in (select app.owned_publications()) as "isOwner",
      ${count(sql`publication_members where ${of}`)} as members,
      ${count(sql`submissions where ${of}`)} as submissions,
      ${count(sql`publication_invitations where ${of} and status = 'open'`)} as invitations,
      ${count(sql`chat_messages where ${of}`)} as messages,
      ${count(sql`articles where ${of}`)} as articles,
      ${count(sql`observations where ${of}`)} as observations`);
  if (row === undefined) throw new Error("The counts of a publication returned no row.");
  return row;
}
