import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { observationRow } from "@/db/rows/observation-row.ts";
import * as schema from "@/db/schema.ts";
import { type Clearance, clearances, toEvidenceTime } from "@/lib/evidence/observation.ts";
import { type Permission, permissions } from "@/lib/publications/permissions.ts";
import { daysFromNow, idOf } from "./row-values.ts";

const yesterday = daysFromNow(-1);
const tomorrow = daysFromNow(1);

/**
 * Ben's publication with a submission of ann. Triggers are off, as they would add roles, events and tasks with
 * generated ids.
 */
export async function insertPublication(sql: postgres.Sql): Promise<void> {
  const db = drizzle(sql);
  const publicationId = idOf("paper");
  await sql`alter table publications disable trigger user`;
  await sql`alter table submissions disable trigger user`;
  await db
    .insert(schema.publications)
    .values({ id: publicationId, slug: "paper", name: "Paper", founderId: idOf("ben") });
  const role = (name: string, permissions: readonly Permission[], isOwner = false) => ({
    id: idOf(name),
    publicationId,
    name,
    permissions: [...permissions],
    isOwner,
  });
  await db
    .insert(schema.publicationRoles)
    .values([
      role("owner role", permissions, true),
      role("writer role", []),
      role("moderator role", ["submissions.read"]),
    ]);
  const members = { ben: "owner role", ann: "writer role", rea: "moderator role" };
  await db
    .insert(schema.publicationMembers)
    .values(Object.keys(members).map((name) => ({ publicationId, userId: idOf(name) })));
  await db.insert(schema.publicationMemberRoles).values(
    Object.entries(members).map(([name, held]) => ({
      publicationId,
      userId: idOf(name),
      roleId: idOf(held),
    })),
  );
  await db.insert(schema.publicationInvitations).values({
    id: idOf("invitation of kay"),
    publicationId,
    email: "kay@example.org",
    roleId: idOf("writer role"),
    tokenHash: "hash of kay's token",
    invitedBy: idOf("ben"),
    expiresAt: tomorrow,
  });
  const submissionId = idOf("submission");
  await db.insert(schema.submissions).values({
    id: submissionId,
    publicationId,
    articleId: idOf("draft"),
    authorId: idOf("ann"),
    state: "submitted",
  });
  await db
    .insert(schema.submissionEvents)
    .values({ id: idOf("event"), submissionId, actorId: idOf("ann"), toState: "submitted" });
  await db.insert(schema.submissionTasks).values({
    id: idOf("task"),
    publicationId,
    submissionId,
    kind: "review",
    permission: "submissions.review",
  });
  await sql`alter table publications enable trigger user`;
  await sql`alter table submissions enable trigger user`;
}

/** One observation of each clearance, a feed, and answers that were made from them. */
export async function insertEvidence(db: PostgresJsDatabase): Promise<void> {
  const publicationId = idOf("paper");
  const now = toEvidenceTime(new Date());
  const observation = (number: number, clearance: Clearance) => ({
    publicationId,
    number,
    clearance,
    statement: `About ${clearance}.`,
    figures: [],
    sourceName: "A source",
    sourceUrl: null,
    eventAt: now,
    ingestedAt: now,
    corrects: null,
    recordedBy: null,
    ingestKey: `seed:${number}`,
    previousHash: number === 1 ? "" : String(number - 1).repeat(64),
    hash: String(number).repeat(64),
    signature: "",
    keyId: "",
  });
  await db
    .insert(schema.observations)
    .values(
      clearances.map((clearance, index) => observationRow(observation(index + 1, clearance))),
    );
  await db
    .insert(schema.evidenceFeeds)
    .values({ id: idOf("feed"), publicationId, name: "Feed", url: "built-in:harbour" });
  const answer = (label: string, asker: string, basedOn: number[]) => ({
    id: idOf(label),
    publicationId,
    askerId: idOf(asker),
    question: "?",
    reasoner: "built-in",
    answer: "Yes.",
    grounded: false,
    basedOn,
    answeredAt: yesterday,
  });
  await db
    .insert(schema.analystAnswers)
    .values([
      answer("answer to ann", "ann", [1, 2]),
      answer("second answer to ann", "ann", [1, 3]),
      answer("answer to rea", "rea", [1, 3]),
      answer("answer to kay", "kay", []),
    ]);
}

/** A question of ann in the chat of the publication with its answer, two visits, and a minute of readers. */
export async function insertDesk(db: PostgresJsDatabase): Promise<void> {
  const publicationId = idOf("paper");
  await db.insert(schema.chatMessages).values([
    { id: idOf("question"), publicationId, authorId: idOf("ann"), state: "asked" },
    { id: idOf("answer"), publicationId, questionId: idOf("question"), state: "writing" },
  ]);
  await db.insert(schema.chatContents).values(
    ["question", "answer"].map((label) => ({
      id: idOf(`text of ${label}`),
      messageId: idOf(label),
      publicationId,
      position: 0,
      text: "Text",
    })),
  );
  await db
    .insert(schema.deskVisits)
    .values(
      ["rea", "ann"].map((name) => ({ publicationId, userId: idOf(name), seenAt: yesterday })),
    );
  await db
    .insert(schema.readerMinutes)
    .values({ id: idOf("minute"), publicationId, minute: yesterday, readers: 2 });
}
