import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import {
  articles,
  articleTags,
  articleViews,
  bookmarks,
  comments,
  follows,
  gistFiles,
  gists,
  jobRequests,
  notifications,
  reactions,
  sessions,
  users,
} from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createAttempt, denied } from "./rls-attempt.ts";

const { anonymous, rea, ann, ben } = viewers;
const foreignKey = "23503";

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await insertRows(testDatabase.ownerUrl);
  database = createDatabase(testDatabase.appUrl, { maxConnections: 2 });
});

afterAll(async () => {
  await database?.close();
  await testDatabase?.close();
});

const attempt = createAttempt(() => database);
const newArticle = (author: string) => ({
  authorId: idOf(author),
  slug: "new",
  title: "New",
  body: "New",
});
const onArticle = (label: string) => ({ articleId: idOf(label), gistId: null });
const onGist = (label: string) => ({ gistId: idOf(label), articleId: null });

test("only authors can write articles, as themselves", async () => {
  const insert = (author: string) => (tx: Transaction) =>
    tx.insert(articles).values(newArticle(author));
  expect(await attempt(ann, insert("ann"))).toBe(1);
  expect(await attempt(ann, insert("ben"))).toBe(denied);
  expect(await attempt(rea, insert("rea"))).toBe(denied);
  expect(await attempt(anonymous, insert("ann"))).toBe(denied);
});

test("an update or delete without WHERE affects only the viewer's own articles and gists", async () => {
  const retitle = (tx: Transaction) => tx.update(articles).set({ title: "x" });
  expect(await attempt(ann, retitle)).toBe(4);
  expect(await attempt(ben, retitle)).toBe(1);
  expect(await attempt(rea, retitle)).toBe(0);
  expect(await attempt(ann, (tx) => tx.delete(articles))).toBe(4);
  expect(await attempt(anonymous, (tx) => tx.delete(articles))).toBe(0);
  expect(await attempt(ann, (tx) => tx.update(gists).set({ visibility: "private" }))).toBe(2);
  expect(await attempt(ben, (tx) => tx.delete(gists))).toBe(0);
  expect(await attempt("worker", (tx) => tx.delete(articles))).toBe(0);
});

test("the owner of a row and the identity of a user cannot be changed", async () => {
  const changes = [
    (tx: Transaction) => tx.update(articles).set({ authorId: idOf("ben") }),
    (tx: Transaction) => tx.update(gists).set({ ownerId: idOf("ben") }),
    (tx: Transaction) => tx.update(comments).set({ authorId: idOf("ben") }),
    (tx: Transaction) => tx.update(comments).set(onArticle("draft")),
    (tx: Transaction) => tx.update(users).set({ role: "admin" }),
    (tx: Transaction) => tx.update(users).set({ handle: "root" }),
    (tx: Transaction) => tx.update(notifications).set({ recipientId: idOf("ben") }),
    (tx: Transaction) => tx.update(sessions).set({ expiresAt: new Date() }),
    (tx: Transaction) => tx.update(sessions).set({ userId: idOf("ben") }),
  ];
  for (const change of changes) expect(await attempt(ann, change)).toBe(denied);
  expect(await attempt(ann, (tx) => tx.update(users).set({ bio: "Hello" }))).toBe(1);
});

test("files and tags can be written only below the viewer's own parent", async () => {
  const file = (gist: string) => (tx: Transaction) =>
    tx.insert(gistFiles).values({ gistId: idOf(gist), filename: "b.ts", content: "" });
  expect(await attempt(ann, file("private gist"))).toBe(1);
  expect(await attempt(ben, file("gist"))).toBe(denied);
  const tag = (article: string) => (tx: Transaction) =>
    tx.insert(articleTags).values({ articleId: idOf(article), tagId: idOf("tag") });
  expect(await attempt(ben, tag("article of ben"))).toBe(1);
  expect(await attempt(ann, tag("article of ben"))).toBe(denied);
});

test("a viewer can comment as themselves on readable pages", async () => {
  const say = (author: string, target: object) => (tx: Transaction) =>
    tx.insert(comments).values({ ...target, authorId: idOf(author), body: "Hi" });
  expect(await attempt(rea, say("rea", onArticle("article")))).toBe(1);
  expect(await attempt(rea, say("ann", onArticle("article")))).toBe(denied);
  expect(await attempt(rea, say("rea", onArticle("draft")))).toBe(denied);
  expect(await attempt(rea, say("rea", onGist("private gist")))).toBe(denied);
  expect(await attempt(rea, say("rea", onGist("no such gist")))).toBe(denied);
  expect(await attempt(anonymous, say("rea", onArticle("article")))).toBe(denied);
});

test("a reply is on the page of its parent comment", async () => {
  const reply = (target: object, parent: string) => (tx: Transaction) =>
    tx
      .insert(comments)
      .values({ ...target, parentId: idOf(parent), authorId: idOf("ann"), body: "Hi" });
  expect(await attempt(ann, reply(onArticle("article"), "reply"))).toBe(1);
  expect(await attempt(ann, reply(onArticle("draft"), "comment"))).toBe(foreignKey);
  expect(await attempt(ann, reply(onGist("gist"), "comment"))).toBe(foreignKey);
  expect(await attempt(ann, reply(onArticle("article"), "comment on gist"))).toBe(foreignKey);
});

test("a comment can be edited by its author, and deleted by its author or the page's author", async () => {
  const on = (label: string) => eq(comments.id, idOf(label));
  const edit = (tx: Transaction) => tx.update(comments).set({ body: "x" }).where(on("comment"));
  expect(await attempt(rea, edit)).toBe(1);
  expect(await attempt(ann, edit)).toBe(0);
  const remove = async (tx: Transaction) => {
    const pages = await tx.execute(sql`select * from app.delete_comment(${idOf("comment")})`);
    return { count: pages.length };
  };
  expect(await attempt(rea, remove)).toBe(1);
  expect(await attempt(ann, remove)).toBe(1);
  expect(await attempt(ben, remove)).toBe(0);
  expect(await attempt(anonymous, remove)).toBe(0);
});

test("S3.12 a plain delete of a comment is refused, so that replies of others are kept", async () => {
  const remove = (tx: Transaction) => tx.delete(comments).where(eq(comments.id, idOf("comment")));
  expect(await attempt(rea, remove)).toBe(denied);
  expect(await attempt(ann, remove)).toBe(denied);
});

test("a viewer can add and remove only their own reactions and bookmarks, on readable pages", async () => {
  const like = (user: string, target: object) => (tx: Transaction) =>
    tx.insert(reactions).values({ ...target, userId: idOf(user), kind: "love" });
  expect(await attempt(rea, like("rea", { commentId: idOf("comment") }))).toBe(1);
  expect(await attempt(rea, like("rea", { commentId: idOf("comment on draft") }))).toBe(denied);
  expect(await attempt(rea, like("rea", onArticle("scheduled")))).toBe(denied);
  expect(await attempt(rea, like("ben", onArticle("article")))).toBe(denied);
  expect(await attempt(rea, (tx) => tx.delete(reactions))).toBe(1);

  const keep = (target: object) => (tx: Transaction) =>
    tx.insert(bookmarks).values({ ...target, userId: idOf("ben") });
  expect(await attempt(ben, keep(onGist("gist")))).toBe(1);
  expect(await attempt(ben, keep(onGist("private gist")))).toBe(denied);
  expect(await attempt(ben, (tx) => tx.delete(bookmarks))).toBe(0);
});

test("S2.9 a reaction is on the page of its comment or article, also when the writer names another page", async () => {
  const forged = { pageArticleId: idOf("article of ben"), pageGistId: idOf("gist") };
  const given = { ...forged, userId: idOf("rea"), kind: "laugh" as const };
  let page: unknown;
  const react = (target: object) => async (tx: Transaction) => {
    const rows = await tx
      .insert(reactions)
      .values({ ...given, ...target })
      .returning({ articleId: reactions.pageArticleId, gistId: reactions.pageGistId });
    [page] = rows;
    return { count: rows.length };
  };
  for (const [target, wanted] of [
    [{ commentId: idOf("comment") }, onArticle("article")],
    [{ commentId: idOf("comment on gist") }, onGist("gist")],
    [{ articleId: idOf("article") }, onArticle("article")],
    [{ gistId: idOf("gist") }, onGist("gist")],
  ] as const) {
    expect(await attempt(rea, react(target))).toBe(1);
    expect(page).toEqual(wanted);
  }
  expect(await attempt(rea, react({ commentId: idOf("comment on draft") }))).toBe(denied);
  expect(await attempt(rea, (tx) => tx.update(reactions).set(forged))).toBe(denied);
});

test("S2.9 the table refuses a reaction whose page is not that of its comment, even from its owner", async () => {
  const owner = postgres(testDatabase.ownerUrl, { max: 1 });
  const onComment = owner`id = ${idOf("like on comment")}`;
  const elsewhere = owner`update reactions set page_article_id = ${idOf("article of ben")} where ${onComment}`;
  await expect(elsewhere).rejects.toMatchObject({ code: foreignKey });
  const check = "23514";
  for (const changed of [
    owner`update reactions set page_gist_id = ${idOf("gist")} where ${onComment}`,
    owner`update reactions set page_article_id = null where ${onComment}`,
    owner`update reactions set page_article_id = ${idOf("draft")} where id = ${idOf("like")}`,
    owner`update reactions set page_article_id = null, page_gist_id = ${idOf("gist")} where id = ${idOf("like")}`,
  ]) {
    await expect(changed).rejects.toMatchObject({ code: check });
  }
  await owner.end();
});

test("S3.26 marking all notifications as read changes only the viewer's own", async () => {
  const markAll = (tx: Transaction) => tx.update(notifications).set({ readAt: new Date() });
  expect(await attempt(ann, markAll)).toBe(1);
  expect(await attempt(ben, markAll)).toBe(0);
  expect(await attempt(anonymous, markAll)).toBe(0);
  expect(await attempt("worker", markAll)).toBe(denied);
});

test("S3.4 only the job writes notifications, and never to the actor", async () => {
  const notify = (recipient: string) => (tx: Transaction) =>
    tx
      .insert(notifications)
      .values({
        sourceKey: "notif:comment:9",
        recipientId: idOf(recipient),
        actorId: idOf("rea"),
        type: "comment_on_article",
        articleId: idOf("article"),
      })
      .onConflictDoNothing({ target: notifications.sourceKey });
  expect(await attempt("worker", notify("ann"))).toBe(1);
  expect(await attempt("worker", notify("rea"))).toBe(denied);
  expect(await attempt(rea, notify("ann"))).toBe(denied);
});

test("signed-in users and jobs request jobs, and the worker hands them over", async () => {
  const ask = (tx: Transaction) =>
    tx.insert(jobRequests).values({ id: "new", name: "app/x", data: { causeId: "1" } });
  expect(await attempt(rea, ask)).toBe(1);
  expect(await attempt("worker", ask)).toBe(1);
  expect(await attempt(anonymous, ask)).toBe(denied);
  const hand = (tx: Transaction) => tx.update(jobRequests).set({ sentAt: new Date() });
  expect(await attempt("worker", hand)).toBe(1);
  expect(await attempt(rea, hand)).toBe(denied);
});

test("only its owner can revoke a session, permanently", async () => {
  const revoke = (tx: Transaction) => tx.update(sessions).set({ revokedAt: new Date() });
  expect(await attempt(ann, revoke)).toBe(1);
  const restore = (tx: Transaction) => tx.update(sessions).set({ revokedAt: null });
  expect(await attempt(ann, restore)).toBe(denied);
});

test("S2.9 a transaction opened for reading cannot write", async () => {
  const writing = database.readAs(ann, (tx) => tx.update(articles).set({ title: "x" }));
  await expect(writing).rejects.toMatchObject({ cause: { code: "25006" } });
});

test("an article marked for deletion is out of reach for all but its author, and is removed when due", async () => {
  const comment = (tx: Transaction) =>
    tx
      .insert(comments)
      .values({ articleId: idOf("going"), authorId: idOf("rea"), body: "late", gistId: null });
  expect(await attempt(rea, comment)).toBe(denied);
  const remove = (tx: Transaction) => tx.delete(articles);
  expect(await attempt("worker", remove)).toBe(0);
  const schedule = (deleteAt: Date) => (tx: Transaction) =>
    tx
      .update(articles)
      .set({ deleteAt })
      .where(eq(articles.id, idOf("article")));
  expect(await attempt(ann, schedule(new Date()))).toBe(1);
  expect(await attempt(ben, schedule(new Date()))).toBe(0);
  await database.writeAs(ann, schedule(new Date(Date.now() - 1000)));
  expect(await attempt("worker", remove)).toBe(1);
  await database.writeAs(ann, (tx) =>
    tx
      .update(articles)
      .set({ deleteAt: null })
      .where(eq(articles.id, idOf("article"))),
  );
});

test("a view is counted for a readable article on the current day, and cannot be changed", async () => {
  const view = (label: string, day?: string) => (tx: Transaction) =>
    tx
      .insert(articleViews)
      .values({ articleId: idOf(label), visitor: "fedcba9876543210", ...(day ? { day } : {}) })
      .onConflictDoNothing();
  expect(await attempt(rea, view("article"))).toBe(1);
  expect(await attempt(anonymous, view("article"))).toBe(1);
  expect(await attempt(rea, view("draft"))).toBe(denied);
  expect(await attempt(rea, view("article", "2020-01-01"))).toBe(denied);
  expect(await attempt(ann, (tx) => tx.delete(articleViews))).toBe(denied);
});

test("a viewer can follow only as themselves, on readable pages", async () => {
  const follow = (user: string, label: string) => (tx: Transaction) =>
    tx.insert(follows).values({ userId: idOf(user), ...onArticle(label) });
  expect(await attempt(ben, follow("ben", "article"))).toBe(1);
  expect(await attempt(ben, follow("ben", "draft"))).toBe(denied);
  expect(await attempt(ben, follow("rea", "article of ben"))).toBe(denied);
  expect(await attempt(ben, (tx) => tx.delete(follows))).toBe(0);
});
