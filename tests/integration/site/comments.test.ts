import { randomUUID } from "node:crypto";
import { originOf } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createComment } from "@/features/comments/create-comment.ts";
import { deleteComment } from "@/features/comments/delete-comment.ts";
import { editComment } from "@/features/comments/edit-comment.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import type { ResourceRef } from "@/features/comments/schema.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from job_requests`;
  await site.newSignals();
});

const page = (resourceType: ResourceRef["resourceType"], label: string): ResourceRef => ({
  resourceType,
  resourceId: idOf(label),
});
const article = page("article", "article");
type Person = (typeof viewers)["ann" | "ben" | "rea"];

async function write(
  viewer: Person,
  ref: ResourceRef,
  parentId: string | null = null,
): Promise<string> {
  const commentId = randomUUID();
  await site.contexts.write(viewer)((ctx) =>
    createComment(ctx, { ...ref, commentId, parentId, body: "Well said." }),
  );
  return commentId;
}
const requests = () => site.owner`select id from job_requests order by id`;
const signalTo = (ref: ResourceRef, name: string, commentId: string) => ({
  channel: `resource.${ref.resourceType}.${ref.resourceId}`,
  name: `comment.${name}`,
  ids: { commentId },
});

test("S3.1 a comment's signal contains its name and id, and the job request is written in the same transaction", async () => {
  const commentId = await write(viewers.rea, article);
  expect(await site.newSignals()).toEqual([signalTo(article, "created", commentId)]);
  expect(await requests()).toEqual([{ id: `notif:comment:${commentId}` }]);
});

test("O1 a comment's signal contains the origin of its mutation", async () => {
  const commentId = randomUUID();
  const origin = await originOf("0123456789abcdef0123456789abcdef");
  await site.contexts.write(
    viewers.rea,
    origin,
  )((ctx) => createComment(ctx, { ...article, commentId, parentId: null, body: "Well said." }));
  const rows = await site.owner`
    select origin from querycast.signals where ids::json->>'commentId' = ${commentId}`;
  expect(rows.map((row) => row.origin)).toEqual([origin]);
});

test("a failed comment leaves neither a signal nor a job request", async () => {
  const failing = site.contexts.write(viewers.rea)(async (ctx) => {
    const input = { ...article, commentId: randomUUID(), parentId: null, body: "Well said." };
    await createComment(ctx, input);
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await site.newSignals()).toEqual([]);
  expect(await requests()).toEqual([]);
});

test("S3.11 a reply at any depth, its edit and its deletion publish on the root resource's channel", async () => {
  for (const ref of [article, page("gist", "gist")]) {
    await site.newSignals();
    let deepest = await write(viewers.rea, ref);
    expect(await site.newSignals()).toEqual([signalTo(ref, "created", deepest)]);
    for (let depth = 1; depth < 4; depth += 1) {
      deepest = await write(viewers.rea, ref, deepest);
      expect(await site.newSignals()).toEqual([signalTo(ref, "created", deepest)]);
    }
    await site.contexts.write(viewers.rea)((ctx) =>
      editComment(ctx, { commentId: deepest, body: "Better said." }),
    );
    await site.contexts.write(viewers.rea)((ctx) => deleteComment(ctx, { commentId: deepest }));
    expect(await site.newSignals()).toEqual([
      signalTo(ref, "updated", deepest),
      signalTo(ref, "deleted", deepest),
    ]);
  }
});

test("notifications that are deleted with a comment publish one signal to each recipient", async () => {
  const root = await write(viewers.rea, article);
  const notify = (recipient: string, key: string) => site.owner`
    insert into notifications (source_key, recipient_id, actor_id, type, article_id, comment_id)
    values (${key}, ${idOf(recipient)}, ${idOf("rea")}, 'comment_on_article', ${idOf("article")}, ${root})`;
  await notify("ann", "one");
  await notify("ann", "two");
  await notify("ben", "three");
  await site.newSignals();
  await site.contexts.write(viewers.rea)((ctx) => deleteComment(ctx, { commentId: root }));
  const signals = await site.newSignals();
  const told = signals.filter(({ name }) => name === "notification.deleted");
  expect(told.map(({ channel, ids }) => ({ channel, ids }))).toEqual(
    expect.arrayContaining([
      { channel: `user.${idOf("ann")}`, ids: null },
      { channel: `user.${idOf("ben")}`, ids: null },
    ]),
  );
  expect(told).toHaveLength(2);
});

test("a comment that is sent twice is written and published once", async () => {
  const input = { ...article, commentId: randomUUID(), parentId: null, body: "Well said." };
  const send = () => site.contexts.write(viewers.rea)((ctx) => createComment(ctx, input));
  await Promise.all([send(), send()]);
  await send();
  expect(await site.newSignals()).toHaveLength(1);
  expect(await requests()).toHaveLength(1);
});

test("commenting on an unreadable resource fails as on a missing one", async () => {
  const attempts = [
    page("article", "draft"),
    page("gist", "private gist"),
    { ...article, resourceId: randomUUID() },
  ].map((ref) =>
    write(viewers.rea, ref).then(
      () => "written",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    ),
  );
  const [first = "", ...others] = await Promise.all(attempts);
  expect(first).toMatch(/^not_found/);
  expect(others).toEqual([first, first]);
  expect(await site.newSignals()).toEqual([]);
});

test("only the author can edit a comment; the author and the page's owner can delete it", async () => {
  const commentId = await write(viewers.rea, article);
  const edit = (viewer: Person) =>
    site.contexts.write(viewer)((ctx) => editComment(ctx, { commentId, body: "Mine now." }));
  const remove = (viewer: Person) =>
    site.contexts.write(viewer)((ctx) => deleteComment(ctx, { commentId }));
  const isThere = async () =>
    (
      await site.contexts.read(viewers.anonymous)((ctx) => listComments(ctx, article))
    ).comments.some(({ id, body }) => id === commentId && body === "Well said.");

  await expect(edit(viewers.ann)).rejects.toMatchObject({ code: "not_found" });
  await remove(viewers.ben);
  expect(await isThere()).toBe(true);
  await remove(viewers.ann);
  expect(await isThere()).toBe(false);
});
