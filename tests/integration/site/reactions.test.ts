import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listCommentIds, listComments } from "@/features/comments/list-comments.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { addReaction } from "@/features/reactions/add-reaction.ts";
import { countReactions } from "@/features/reactions/count-reactions.ts";
import { listOwnReactions } from "@/features/reactions/list-own-reactions.ts";
import { reactionId } from "@/features/reactions/reaction-id.ts";
import { removeReaction } from "@/features/reactions/remove-reaction.ts";
import type { Reactable, ReactionInput } from "@/features/reactions/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { mostCommentsOfPage } from "@/lib/thread-view.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from reactions`;
  await site.owner`delete from notifications`;
  await site.owner`delete from job_requests`;
  await site.newSignals();
});

type Member = (typeof viewers)["ann" | "ben" | "rea"];
const article: ResourceRef = { resourceType: "article", resourceId: idOf("article") };
const gist: ResourceRef = { resourceType: "gist", resourceId: idOf("gist") };
const on = (reactableType: Reactable["reactableType"], label: string): ReactionInput => ({
  reactableType,
  reactableId: idOf(label),
  kind: "insightful",
});
const onArticle = on("article", "article");
const onComment = on("comment", "comment");

const add = (viewer: Member, input: ReactionInput) =>
  site.contexts.write(viewer)((ctx) => addReaction(ctx, input));
const remove = (viewer: Member, input: ReactionInput) =>
  site.contexts.write(viewer)((ctx) => removeReaction(ctx, input));
const counts = (viewer: (typeof viewers)[keyof typeof viewers], page: ResourceRef) =>
  site.contexts.read(viewer)(async (ctx) =>
    countReactions(ctx, page, await listCommentIds(ctx, page)),
  );
/** Signals to the page and to the actor. Another test covers the author's dashboard. */
const told = async () =>
  (await site.newSignals())
    .filter(({ name }) => name.startsWith("reaction."))
    .map(({ channel, name, ids }) => `${channel} ${name} ${ids?.reactableId}`);

test("S3.13 adding and removing a reaction publishes on the page's channel and to the actor", async () => {
  const { resourceId } = article;
  for (const input of [onArticle, onComment]) {
    await add(viewers.rea, input);
    expect(await told()).toEqual([
      `resource.article.${resourceId} reaction.added ${input.reactableId}`,
      `user.${idOf("rea")} reaction.given-or-taken ${input.reactableId}`,
    ]);
    await remove(viewers.rea, input);
    expect(await told()).toEqual([
      `resource.article.${resourceId} reaction.removed ${input.reactableId}`,
      `user.${idOf("rea")} reaction.given-or-taken ${input.reactableId}`,
    ]);
  }
  await add(viewers.rea, on("comment", "comment on gist"));
  expect((await told())[0]).toMatch(`resource.gist.${gist.resourceId} reaction.added`);
});

test("a failed reaction leaves neither a signal nor a job request", async () => {
  const failing = site.contexts.write(viewers.rea)(async (ctx) => {
    await addReaction(ctx, onArticle);
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await site.newSignals()).toEqual([]);
  expect(await site.owner`select id from job_requests`).toEqual([]);
});

test("the same reaction from two concurrent tabs is stored and published once", async () => {
  await Promise.all([1, 2, 3, 4].map(() => add(viewers.rea, onArticle)));
  expect(await counts(viewers.rea, article)).toEqual({
    [onArticle.reactableId]: { insightful: 1 },
  });
  expect(await told()).toHaveLength(2);
  await Promise.all([1, 2, 3].map(() => remove(viewers.rea, onArticle)));
  expect(await counts(viewers.rea, article)).toEqual({});
  expect(await told()).toHaveLength(2);
});

test("one read counts the reactions of a page and its comments, equal for all readers", async () => {
  await add(viewers.rea, onArticle);
  await add(viewers.ben, { ...onArticle, kind: "love" });
  await add(viewers.ben, onComment);
  const all = {
    [onArticle.reactableId]: { insightful: 1, love: 1 },
    [onComment.reactableId]: { insightful: 1 },
  };
  for (const viewer of Object.values(viewers)) expect(await counts(viewer, article)).toEqual(all);
  const own = (viewer: (typeof viewers)[keyof typeof viewers]) =>
    site.contexts.read(viewer)(async (ctx) =>
      listOwnReactions(ctx, article, await listCommentIds(ctx, article)),
    );
  expect(await own(viewers.ben)).toEqual({
    [onArticle.reactableId]: ["love"],
    [onComment.reactableId]: ["insightful"],
  });
  expect(await own(viewers.ann)).toEqual({});
  expect(await own(viewers.anonymous)).toEqual({});
});

test("a read of reactions is bounded by a page of the thread, however long the thread is", async () => {
  await site.owner`
    insert into comments (article_id, author_id, body, created_at)
    select ${article.resourceId}, ${idOf("ben")}, 'x', now() - make_interval(secs => 1000 - n)
    from generate_series(1, 300) n`;
  await site.owner`
    insert into reactions (user_id, kind, comment_id)
    select ${idOf("rea")}, 'like', id from comments where article_id = ${article.resourceId} and body = 'x'`;
  const seen = await counts(viewers.anonymous, article);
  const newest = await site.contexts.read(viewers.anonymous)((ctx) => listComments(ctx, article));
  expect(Object.keys(seen).sort()).toEqual(
    newest.comments
      .filter(({ body }) => body === "x")
      .map(({ id }) => id)
      .sort(),
  );
  expect(Object.keys(seen).length).toBeLessThanOrEqual(mostCommentsOfPage);
  const before = newest.older ?? "";
  const older = await site.contexts.read(viewers.rea)(async (ctx) => {
    const ids = await listCommentIds(ctx, article, { before });
    return [await countReactions(ctx, article, ids), await listOwnReactions(ctx, article, ids)];
  });
  for (const page of older) {
    expect(Object.keys(page).length).toBeGreaterThan(0);
    expect(Object.keys(page).filter((id) => id in seen)).toEqual([]);
  }
  await site.owner`delete from comments where body = 'x'`;
});

test("reactions to more comments than a page holds are refused, and to comments of another page not found", async () => {
  await add(viewers.ben, onComment);
  const ask = (ids: readonly string[], page = article) =>
    site.contexts.read(viewers.ben)((ctx) =>
      Promise.all([countReactions(ctx, page, ids), listOwnReactions(ctx, page, ids)]),
    );
  const ids = Array.from({ length: mostCommentsOfPage }, () => randomUUID());
  expect(await ask(ids)).toEqual([{}, {}]);
  await expect(ask([...ids, randomUUID()])).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("101 comments"),
  });
  expect(await ask([onComment.reactableId], gist)).toEqual([{}, {}]);
  expect(await ask([onComment.reactableId])).toEqual([
    { [onComment.reactableId]: { insightful: 1 } },
    { [onComment.reactableId]: ["insightful"] },
  ]);
});

test("unreadable resources can be neither reacted to nor counted, and look missing", async () => {
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  const hidden = [on("article", "draft"), on("gist", "private gist"), on("article", randomUUID())];
  const outcomes = await Promise.all(hidden.map((input) => outcome(add(viewers.rea, input))));
  expect(outcomes[0]).toMatch(/^not_found/);
  expect(new Set(outcomes).size).toBe(1);
  expect(await outcome(add(viewers.rea, on("comment", "comment on draft")))).toMatch(/^not_found/);
  const draft: ResourceRef = { resourceType: "article", resourceId: idOf("draft") };
  expect(await outcome(counts(viewers.rea, draft))).toMatch(/^not_found/);
  expect(await outcome(counts(viewers.ann, draft))).toBe("done");
  expect(await site.newSignals()).toEqual([]);
});

test("S3.4 adding a reaction, removing it and adding it again notifies once", async () => {
  const deliver = async () => {
    const requests = await site.owner<{ id: string; data: { causeId: string } }[]>`
      delete from job_requests returning id, data`;
    for (const { data } of requests) {
      await site.contexts.job((ctx) =>
        persistNotification(ctx, { causeType: "reaction", causeId: data.causeId }),
      );
    }
    return requests.map(({ id }) => id);
  };
  const id = `notif:reaction:${reactionId(idOf("rea"), onArticle)}`;
  await add(viewers.rea, onArticle);
  expect(await deliver()).toEqual([id]);
  await remove(viewers.rea, onArticle);
  await add(viewers.rea, onArticle);
  expect(await deliver()).toEqual([id]);
  const rows = await site.owner`select recipient_id, source_key from notifications`;
  expect(rows).toEqual([{ recipient_id: idOf("ann"), source_key: id }]);
});
