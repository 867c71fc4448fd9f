import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { editComment } from "@/features/comments/edit-comment.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { readTotals } from "@/features/dashboard/read-totals.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { addReaction } from "@/features/reactions/add-reaction.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { rea, ben, ann } = viewers;
const article = { resourceType: "article", resourceId: idOf("article") } as const;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from comments where article_id = ${article.resourceId}`;
  await site.newSignals();
});

type Member = (typeof viewers)["ann" | "ben" | "rea"];
async function write(viewer: Member, parentId: string | null = null): Promise<string> {
  const commentId = randomUUID();
  const body = `Secret of ${viewer.userId}`;
  await site.contexts.write(viewer)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId, body }),
  );
  return commentId;
}
const remove = (viewer: Member, commentId: string) =>
  site.contexts.write(viewer)((ctx) => deleteComment(ctx, { commentId }));
const page = () => site.contexts.read(viewers.anonymous)((ctx) => listComments(ctx, article));
const thread = async () => (await page()).comments;
const idsLeft = async () => (await thread()).map(({ id }) => id);
const react = (commentId: string) => site.owner`
  insert into reactions (user_id, kind, comment_id) values (${idOf("ben")}, 'like', ${commentId})`;
const deletions = async () =>
  (await site.newSignals()).filter(({ name }) => name === "comment.deleted");
const deletionOf = (commentId: string) => ({
  channel: `resource.article.${article.resourceId}`,
  name: "comment.deleted",
  ids: { commentId },
});

test("S3.12 deleting a comment with replies of others leaves a tombstone without name, text, reactions and notifications, with one signal", async () => {
  const root = await write(rea);
  const reply = await write(ben, root);
  await react(root);
  await react(reply);
  const notify = (key: string, commentId: string) => site.owner`
    insert into notifications (source_key, recipient_id, actor_id, type, article_id, comment_id)
    values (${key}, ${idOf("ann")}, ${idOf("rea")}, 'comment_on_article', ${article.resourceId}, ${commentId})`;
  await notify("of the root", root);
  await notify("of the reply", reply);
  await site.newSignals();

  await remove(rea, root);
  const [tombstone, kept] = await thread();
  expect(tombstone).toMatchObject({ id: root, author: null, body: "", editedAt: null });
  expect(kept).toMatchObject({ id: reply, parentId: root, author: { id: idOf("ben") } });
  const signals = await site.newSignals();
  expect(signals.filter(({ name }) => name === "comment.deleted")).toEqual([deletionOf(root)]);
  expect(signals).toContainEqual({
    channel: `user.${idOf("ann")}`,
    name: "notification.deleted",
    ids: null,
  });
  expect(
    await site.owner`select comment_id as id from reactions where comment_id in ${site.owner([root, reply])}
      union all select comment_id from notifications where comment_id in ${site.owner([root, reply])}`,
  ).toEqual([{ id: reply }, { id: reply }]);
});

test("S3.12 no column of a tombstone contains the author or the text, even for the owner of the tables", async () => {
  const root = await write(rea);
  await write(ben, root);
  await remove(rea, root);
  const [row] = await site.owner`select * from comments where id = ${root}`;
  expect(JSON.stringify(row)).not.toContain(rea.userId);
  expect(JSON.stringify(row)).not.toContain("Secret");
});

test("S3.12 deleting a comment with only own replies deletes its subtree and reactions, with one signal", async () => {
  const root = await write(rea);
  const reply = await write(rea, root);
  const leaf = await write(rea, reply);
  const other = await write(ben);
  for (const id of [root, reply, leaf]) await react(id);
  await site.newSignals();
  await remove(rea, root);
  expect(await idsLeft()).toEqual([other]);
  expect(await deletions()).toEqual([deletionOf(root)]);
  expect(
    await site.owner`select id from reactions where comment_id in ${site.owner([root, reply, leaf])}`,
  ).toEqual([]);
});

test("S3.12 replies of others keep a tombstone, at any depth below it", async () => {
  const root = await write(rea);
  const own = await write(rea, root);
  const foreign = await write(ben, own);
  await remove(rea, root);
  expect(await idsLeft()).toEqual([root, own, foreign]);
});

test("S3.12 deleting the last reply below tombstones deletes them all", async () => {
  const root = await write(rea);
  const middle = await write(ann, root);
  const leaf = await write(ben, middle);
  await remove(rea, root);
  await remove(ann, middle);
  expect(await idsLeft()).toEqual([root, middle, leaf]);
  await site.newSignals();
  await remove(ben, leaf);
  expect(await idsLeft()).toEqual([]);
  expect(await deletions()).toEqual([deletionOf(leaf)]);
});

/** Writes a chain of tombstones, each of which answers the one before it. */
async function writeTombstones(length: number): Promise<string[]> {
  const ids = Array.from({ length }, () => randomUUID());
  await site.owner`
    insert into comments (id, article_id, body, deleted_at, parent_id)
    select id, ${article.resourceId}, '', now(), lag(id) over (order by place)
    from unnest(${ids}::uuid[]) with ordinality as chain (id, place)`;
  return ids;
}

test("S3.12 the last reply below a chain of 1,000 tombstones is deleted, and the chain with it", async () => {
  const chain = await writeTombstones(1_000);
  const leaf = randomUUID();
  await site.owner`insert into comments (id, article_id, author_id, body, parent_id)
    values (${leaf}, ${article.resourceId}, ${ben.userId}, 'Last', ${chain.at(-1) ?? null})`;
  await remove(ben, leaf);
  expect(await idsLeft()).toEqual([]);
});

test("S3.12 two chains of tombstones of different length are deleted with the tombstone that they answer", async () => {
  const [root = "", ...long] = await writeTombstones(5);
  const [short = ""] = await writeTombstones(1);
  await site.owner`update comments set parent_id = ${root} where id = ${short}`;
  const leaves = [randomUUID(), randomUUID()] as const;
  for (const [place, parent] of [long.at(-1), short].entries()) {
    await site.owner`insert into comments (id, article_id, author_id, body, parent_id)
      values (${leaves[place] ?? ""}, ${article.resourceId}, ${ben.userId}, 'Last', ${parent ?? null})`;
  }
  await site.owner`delete from comments where id in ${site.owner([...leaves])}`;
  expect(await idsLeft()).toEqual([]);
});

test("S3.12 a tombstone stays while another reply is below it", async () => {
  const root = await write(rea);
  const first = await write(ben, root);
  const second = await write(ann, root);
  await remove(rea, root);
  await remove(ben, first);
  expect(await idsLeft()).toEqual([root, second]);
});

test("S3.12 a tombstone cannot be replied to, edited, reacted to or deleted again", async () => {
  const root = await write(rea);
  const reply = await write(ben, root);
  await remove(rea, root);
  await site.newSignals();
  await expect(write(ann, root)).rejects.toMatchObject({ code: "not_found" });
  const edit = site.contexts.write(rea)((ctx) => editComment(ctx, { commentId: root, body: "x" }));
  await expect(edit).rejects.toMatchObject({ code: "not_found" });
  const like = site.contexts.write(ann)((ctx) =>
    addReaction(ctx, { reactableType: "comment", reactableId: root, kind: "like" }),
  );
  await expect(like).rejects.toMatchObject({ code: "not_found" });
  for (const viewer of [rea, ann, ben]) await remove(viewer, root);
  expect(await idsLeft()).toEqual([root, reply]);
  expect(await site.newSignals()).toEqual([]);
});

test("S3.12 a reply that is written while its comment is deleted is never lost", async () => {
  const root = await write(rea);
  const reply = randomUUID();
  let commit = () => {};
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let wrote = () => {};
  const isWritten = new Promise<void>((resolve) => {
    wrote = resolve;
  });
  const writing = site.contexts.write(ben)(async (ctx) => {
    await createComment(ctx, { ...article, commentId: reply, parentId: root, body: "Hold on" });
    wrote();
    await held;
  });
  await isWritten;
  const removing = remove(rea, root);
  await expect
    .poll(async () => {
      const [row] = await site.owner`
        select count(*)::int as n from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%app.delete_comment%'`;
      return row?.n;
    })
    .toBe(1);
  commit();
  await Promise.all([writing, removing]);
  expect(await thread()).toMatchObject([{ id: root, author: null }, { id: reply }]);
});

test("S3.12 a tombstone is not counted and notifies no one, and the page's author receives a signal", async () => {
  const discussed = async () => {
    const totals = await site.contexts.read(ann)((ctx) => readTotals(ctx));
    return totals[article.resourceId]?.comments ?? Number.NaN;
  };
  const before = await discussed();
  const root = await write(rea);
  const reply = await write(ben, root);
  expect(await discussed()).toBe(before + 2);
  await site.newSignals({ toAuthors: true });
  await remove(rea, root);
  expect(await discussed()).toBe(before + 1);
  expect(await site.newSignals({ toAuthors: true })).toContainEqual({
    channel: `user.${idOf("ann")}`,
    name: "article.discussed",
    ids: { articleId: article.resourceId },
  });
  const notify = (causeId: string) =>
    site.contexts.job((ctx) => persistNotification(ctx, { causeType: "comment", causeId }));
  expect(await notify(root)).toEqual([]);
  await notify(reply);
  const rows = await site.owner`
    select recipient_id as to, type from notifications where comment_id = ${reply}`;
  expect(rows).toContainEqual({ to: idOf("ann"), type: "comment_on_article" });
  expect(rows.map(({ type }) => type)).not.toContain("reply_to_comment");
});
