import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "@/db/schema.ts";
import type { Viewer } from "@/db/viewer.ts";
import { insertDesk, insertEvidence, insertPublication } from "./rls-publication-rows.ts";
import { daysFromNow, idOf } from "./row-values.ts";

export { idOf };

const yesterday = daysFromNow(-1);
const tomorrow = daysFromNow(1);

export const viewers = {
  anonymous: { userId: null, role: null },
  rea: { userId: idOf("rea"), role: "reader" },
  ann: { userId: idOf("ann"), role: "author" },
  ben: { userId: idOf("ben"), role: "author" },
  kay: { userId: idOf("kay"), role: "admin" },
} as const satisfies Record<string, Viewer>;

/**
 * Every kind of row in each relevant state. Ann has the private ones. Ben owns a publication, for which ann writes
 * and rea moderates; kay is invited.
 */
export async function insertRows(ownerUrl: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const db = drizzle(sql);
  await insertPeople(db);
  await insertTexts(db);
  await insertAnswers(db);
  await insertRecords(db);
  await insertMessageRows(db);
  await insertPublication(sql);
  await insertEvidence(db);
  await insertDesk(db);
  await sql.end();
}

async function insertPeople(db: PostgresJsDatabase): Promise<void> {
  const roles = { rea: "reader", ann: "author", ben: "author", kay: "admin" } as const;
  const users = Object.keys(roles) as (keyof typeof roles)[];
  await db.insert(schema.users).values(
    users.map((handle) => ({
      id: idOf(handle),
      handle,
      name: handle,
      role: roles[handle],
    })),
  );
  await db.insert(schema.credentials).values(
    users.map((name) => ({
      userId: idOf(name),
      email: `${name}@example.org`,
      emailProvedAt: yesterday,
    })),
  );
  await db.insert(schema.sessions).values(
    users.map((name) => ({
      id: idOf(`session of ${name}`),
      userId: idOf(name),
      expiresAt: tomorrow,
    })),
  );
  await db.insert(schema.rateLimits).values({ key: "signin:rea", points: 1, expire: 1 });
}

/** Articles and gists, with their files, renderings and tags. */
async function insertTexts(db: PostgresJsDatabase): Promise<void> {
  const article = (label: string, author: string, publishedAt: Date | null, deleteAt?: Date) => ({
    deleteAt: deleteAt ?? null,
    id: idOf(label),
    authorId: idOf(author),
    slug: label.replaceAll(" ", "-"),
    title: label,
    body: label,
    publishedAt,
  });
  await db
    .insert(schema.articles)
    .values([
      article("article", "ann", yesterday),
      article("draft", "ann", null),
      article("scheduled", "ann", tomorrow),
      article("article of ben", "ben", yesterday),
      article("going", "ann", yesterday, tomorrow),
    ]);
  const gist = (label: string, owner: string, visibility: "public" | "private") => ({
    id: idOf(label),
    ownerId: idOf(owner),
    title: label,
    visibility,
  });
  await db
    .insert(schema.gists)
    .values([gist("gist", "ann", "public"), gist("private gist", "ann", "private")]);
  await db.insert(schema.gistFiles).values(
    ["gist", "private gist"].map((label) => ({
      id: idOf(`file in ${label}`),
      gistId: idOf(label),
      filename: "a.ts",
      content: label,
    })),
  );
  const rendering = (label: string) => ({ id: idOf(label), digest: label, html: label });
  await db.insert(schema.renderings).values([
    ...["article", "draft"].map((on) => ({
      ...rendering(`rendering of ${on}`),
      articleId: idOf(on),
    })),
    ...["gist", "private gist"].map((on) => ({
      ...rendering(`rendering in ${on}`),
      gistFileId: idOf(`file in ${on}`),
    })),
  ]);
  await db.insert(schema.tags).values({ id: idOf("tag"), slug: "tag", name: "Tag" });
  await db
    .insert(schema.articleTags)
    .values(["article", "draft"].map((label) => ({ articleId: idOf(label), tagId: idOf("tag") })));
}

const onArticle = (label: string) => ({ articleId: idOf(label) });
const onGist = (label: string) => ({ gistId: idOf(label) });

/** Comments, reactions, bookmarks and follows. */
async function insertAnswers(db: PostgresJsDatabase): Promise<void> {
  const comment = (target: object, label: string, author: string, parent?: string) => ({
    ...target,
    id: idOf(label),
    authorId: idOf(author),
    body: label,
    parentId: parent === undefined ? null : idOf(parent),
  });
  await db
    .insert(schema.comments)
    .values([
      comment(onArticle("article"), "comment", "rea"),
      comment(onArticle("article"), "reply", "ben", "comment"),
      comment(onArticle("draft"), "comment on draft", "ann"),
      comment(onGist("gist"), "comment on gist", "ben"),
      comment(onGist("private gist"), "comment on private gist", "ann"),
    ]);
  const reaction = (target: object, label: string, user: string) => ({
    ...target,
    id: idOf(label),
    userId: idOf(user),
    kind: "like" as const,
  });
  await db
    .insert(schema.reactions)
    .values([
      reaction(onArticle("article"), "like", "rea"),
      reaction(onArticle("draft"), "like on draft", "ann"),
      reaction(onGist("gist"), "like on gist", "ben"),
      reaction(onGist("private gist"), "like on private gist", "ann"),
      reaction({ commentId: idOf("comment") }, "like on comment", "ann"),
      reaction({ commentId: idOf("comment on draft") }, "like on hidden comment", "ann"),
    ]);
  await db.insert(schema.bookmarks).values([
    { id: idOf("bookmark of rea"), userId: idOf("rea"), articleId: idOf("article") },
    { id: idOf("bookmark of ann"), userId: idOf("ann"), gistId: idOf("private gist") },
  ]);
  await db.insert(schema.follows).values([
    { id: idOf("follow of rea"), userId: idOf("rea"), articleId: idOf("article") },
    { id: idOf("follow of ann"), userId: idOf("ann"), gistId: idOf("private gist") },
  ]);
}

/** The rows behind the messages of ephemeral channels. */
async function insertMessageRows(db: PostgresJsDatabase): Promise<void> {
  const announcement = (label: string, state: object) => ({
    id: idOf(label),
    text: label,
    createdBy: idOf("kay"),
    createdAt: yesterday,
    endsAt: tomorrow,
    ...state,
  });
  await db
    .insert(schema.announcements)
    .values([
      announcement("announcement", {}),
      announcement("past announcement", { endsAt: new Date(yesterday.getTime() + 1) }),
      announcement("withdrawn announcement", { withdrawnAt: yesterday }),
    ]);
  await db.insert(schema.imports).values({ id: idOf("import"), ownerId: idOf("ann") });
  await db.insert(schema.importFiles).values({
    id: idOf("imported file"),
    importId: idOf("import"),
    position: 0,
    name: "notes.md",
    body: "Text",
  });
  const figures = { day: "2026-01-01", views: 1, comments: 0, reactions: 0 };
  await db
    .insert(schema.dailyReports)
    .values(["ann", "ben"].map((name) => ({ ...figures, userId: idOf(name) })));
}

/** Notifications, views, settings, bans and the audit. */
async function insertRecords(db: PostgresJsDatabase): Promise<void> {
  await db.insert(schema.notifications).values([
    {
      id: idOf("notification to ann"),
      sourceKey: "notif:comment:1",
      recipientId: idOf("ann"),
      actorId: idOf("rea"),
      type: "comment_on_article",
      articleId: idOf("article"),
    },
    {
      id: idOf("notification to rea"),
      sourceKey: "notif:comment:2",
      recipientId: idOf("rea"),
      actorId: idOf("ben"),
      type: "reply_to_comment",
      articleId: idOf("article"),
    },
  ]);
  await db
    .insert(schema.jobRequests)
    .values({ id: "notif:comment:1", name: "app/notification.requested", data: {} });
  const visitor = "0123456789abcdef";
  await db
    .insert(schema.articleViews)
    .values([onArticle("article"), onArticle("article of ben")].map((on) => ({ ...on, visitor })));
  await db.insert(schema.userBans).values({ userId: idOf("ben") });
  await db.insert(schema.phaseSettings).values({ phase: 2, stage: "staff" });
  await db.insert(schema.channelSettings).values({ kind: "kind:tag", stage: "off" });
  await db.insert(schema.channelBans).values({ id: idOf("channel ban"), userId: idOf("ben") });
  await db
    .insert(schema.brokerApps)
    .values({ id: "app:1", key: "key", secret: "secret", status: "current" });
  await db.insert(schema.channelJoins).values({ channel: "tag.x", userId: idOf("rea") });
  await db.insert(schema.relayReport).values({ leader: "host:1", leadingSince: yesterday });
  await db.insert(schema.auditLog).values({ action: "phase.changed", subject: "2" });
}
