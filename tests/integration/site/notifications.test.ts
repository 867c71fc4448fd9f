import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as schema from "@/db/schema.ts";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { markAllRead } from "@/features/notifications/mark-all-read.ts";
import { markRead } from "@/features/notifications/mark-read.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { listNotificationsInput } from "@/features/notifications/schema.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from notifications`;
  await site.owner`delete from follows`;
  await site.newSignals();
});

const persist = (causeType: NotificationCause["causeType"], causeId: string) =>
  site.contexts.job((ctx) => persistNotification(ctx, { causeType, causeId }));
const unread = (viewer: (typeof viewers)[keyof typeof viewers]) =>
  site.contexts.read(viewer)(countUnread);

async function comment(values: Omit<typeof schema.comments.$inferInsert, "body">): Promise<string> {
  const id = randomUUID();
  await drizzle(site.owner)
    .insert(schema.comments)
    .values({ ...values, id, body: "Well said." });
  return id;
}
async function reaction(values: Omit<typeof schema.reactions.$inferInsert, "kind">) {
  const id = randomUUID();
  await drizzle(site.owner)
    .insert(schema.reactions)
    .values({ ...values, id, kind: "love" });
  return id;
}
const rows = () => drizzle(site.owner).select().from(schema.notifications);

const [rea, ann, ben] = [idOf("rea"), idOf("ann"), idOf("ben")];
const onArticle = { articleId: idOf("article") };
const onGist = { gistId: idOf("gist") };
const unused = { articleId: null, gistId: null, commentId: null };

describe("S3.4 each of the six causes notifies its recipient with the fields of its link", () => {
  test("a comment on an article goes to its author", async () => {
    const commentId = await comment({ ...onArticle, authorId: rea });
    await persist("comment", commentId);
    const link = { ...unused, ...onArticle, commentId };
    expect(await rows()).toMatchObject([
      { type: "comment_on_article", recipientId: ann, actorId: rea, ...link },
    ]);
  });

  test("a comment on a gist goes to its owner", async () => {
    const commentId = await comment({ ...onGist, authorId: rea });
    await persist("comment", commentId);
    const link = { ...unused, ...onGist, commentId };
    expect(await rows()).toMatchObject([
      { type: "comment_on_gist", recipientId: ann, actorId: rea, ...link },
    ]);
  });

  test("a reply goes to the author of its parent comment, not to the page's author", async () => {
    const parentId = await comment({ ...onArticle, authorId: ben });
    const commentId = await comment({ ...onArticle, authorId: rea, parentId });
    await persist("comment", commentId);
    expect(await rows()).toMatchObject([
      { type: "reply_to_comment", recipientId: ben, actorId: rea, ...onArticle, commentId },
    ]);
  });

  test("a reaction on an article goes to its author", async () => {
    await persist("reaction", await reaction({ ...onArticle, userId: ben }));
    expect(await rows()).toMatchObject([
      { type: "reaction_on_article", recipientId: ann, actorId: ben, ...unused, ...onArticle },
    ]);
  });

  test("a reaction on a gist goes to its owner", async () => {
    await persist("reaction", await reaction({ ...onGist, userId: rea }));
    expect(await rows()).toMatchObject([
      { type: "reaction_on_gist", recipientId: ann, actorId: rea, ...unused, ...onGist },
    ]);
  });

  test("a reaction on a comment goes to its author and links to the comment's page", async () => {
    const commentId = await comment({ ...onGist, authorId: ben });
    await persist("reaction", await reaction({ commentId, userId: rea }));
    const link = { ...unused, ...onGist, commentId };
    expect(await rows()).toMatchObject([
      { type: "reaction_on_comment", recipientId: ben, actorId: rea, ...link },
    ]);
  });
});

test("S3.4 a user's own action does not notify them", async () => {
  const own = await comment({ ...onArticle, authorId: ann });
  const reply = await comment({ ...onArticle, authorId: ann, parentId: own });
  expect(await persist("comment", own)).toEqual([]);
  expect(await persist("comment", reply)).toEqual([]);
  expect(await persist("reaction", await reaction({ commentId: own, userId: ann }))).toEqual([]);
  expect(await rows()).toEqual([]);
  expect(await site.newSignals()).toEqual([]);
});

test("a cause creates one notification when its job runs twice, concurrently, or after a lost response", async () => {
  const commentId = await comment({ ...onArticle, authorId: rea });
  const ids = await Promise.all([1, 2, 3].map(() => persist("comment", commentId)));
  expect(await persist("comment", commentId)).toEqual([]);
  expect(ids.flat()).toHaveLength(1);
  expect(await rows()).toHaveLength(1);
  expect((await rows())[0]?.sourceKey).toBe(`notif:comment:${commentId}`);
  expect(await site.newSignals()).toHaveLength(1);
});

test("S3.2 the signal is written in the transaction of the row and contains only its id", async () => {
  const [id] = await persist("comment", await comment({ ...onArticle, authorId: rea }));
  expect(await site.newSignals()).toEqual([
    { channel: `user.${ann}`, name: "notification.created", ids: { notificationId: id } },
  ]);
});

test("S3.2 a failed write leaves no signal", async () => {
  const commentId = await comment({ ...onArticle, authorId: rea });
  const failing = site.contexts.job(async (ctx) => {
    await persistNotification(ctx, { causeType: "comment", causeId: commentId });
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await rows()).toEqual([]);
  expect(await site.newSignals()).toEqual([]);
});

test("a cause that has been deleted notifies no one", async () => {
  expect(await persist("comment", randomUUID())).toEqual([]);
  expect(await persist("reaction", randomUUID())).toEqual([]);
});

describe("followers of a discussion are notified of a comment", () => {
  const follow = (userId: string, page: { articleId?: string; gistId?: string }) =>
    drizzle(site.owner)
      .insert(schema.follows)
      .values({ userId, ...page });
  const told = async () =>
    (await rows())
      .map(({ recipientId, type }) => `${recipientId} ${type}`)
      .sort((a, b) => a.localeCompare(b));

  test("once for any number of job runs, each on their own channel", async () => {
    await follow(rea, onArticle);
    await follow(idOf("kay"), onArticle);
    const commentId = await comment({ ...onArticle, authorId: ben });
    await Promise.all([persist("comment", commentId), persist("comment", commentId)]);
    await persist("comment", commentId);
    expect(await told()).toEqual(
      [
        `${ann} comment_on_article`,
        `${rea} comment_on_followed`,
        `${idOf("kay")} comment_on_followed`,
      ].sort((a, b) => a.localeCompare(b)),
    );
    expect((await rows()).map(({ sourceKey }) => sourceKey)).toContain(
      `notif:comment:${commentId}:follow:${rea}`,
    );
    const channels = (await site.newSignals()).map(({ channel, name }) => `${channel} ${name}`);
    expect(new Set(channels)).toEqual(
      new Set([ann, rea, idOf("kay")].map((id) => `user.${id} notification.created`)),
    );
    expect(channels).toHaveLength(3);
  });

  test("but not of their own, nor a second time when they are already its recipient", async () => {
    await follow(rea, onArticle);
    await follow(ann, onArticle);
    const own = await comment({ ...onArticle, authorId: rea });
    await persist("comment", own);
    expect(await told()).toEqual([`${ann} comment_on_article`]);
    await persist("comment", await comment({ ...onArticle, authorId: ben, parentId: own }));
    expect(await told()).toEqual(
      [`${ann} comment_on_article`, `${ann} comment_on_followed`, `${rea} reply_to_comment`].sort(
        (a, b) => a.localeCompare(b),
      ),
    );
  });

  test("also when the page's author replies, who is not notified", async () => {
    await follow(rea, onArticle);
    await persist("comment", await comment({ ...onArticle, authorId: ann }));
    expect(await told()).toEqual([`${rea} comment_on_followed`]);
  });

  test("but not when they may no longer read it", async () => {
    await follow(rea, { gistId: idOf("private gist") });
    await follow(rea, { articleId: idOf("draft") });
    await persist("comment", await comment({ gistId: idOf("private gist"), authorId: ann }));
    await persist("comment", await comment({ articleId: idOf("draft"), authorId: ann }));
    expect(await rows()).toEqual([]);
    await follow(rea, onArticle);
    await site.owner`update articles set delete_at = now() where id = ${idOf("article")}`;
    await persist("comment", await comment({ ...onArticle, authorId: ann }));
    await site.owner`update articles set delete_at = null where id = ${idOf("article")}`;
    expect(await rows()).toEqual([]);
  });
});

describe("S3.26 the unread count", () => {
  test("is 0 for signed-out viewers", async () => {
    await persist("comment", await comment({ ...onArticle, authorId: rea }));
    expect(await unread(viewers.anonymous)).toBe(0);
    expect(await unread(viewers.ann)).toBe(1);
  });

  test("decreases by one with mark-read, with one signal to every tab", async () => {
    const [id] = await persist("comment", await comment({ ...onArticle, authorId: rea }));
    await persist("comment", await comment({ ...onArticle, authorId: ben }));
    await site.newSignals();
    const mark = () =>
      site.contexts.write(viewers.ann)((ctx) => markRead(ctx, { notificationId: id ?? "" }));
    await mark();
    await mark();
    expect(await unread(viewers.ann)).toBe(1);
    expect(await site.newSignals()).toEqual([
      { channel: `user.${ann}`, name: "notification.read", ids: { notificationId: id } },
    ]);
  });

  test("is 0 after mark-all, with one signal for all notifications", async () => {
    for (let n = 0; n < 3; n += 1) {
      await persist("comment", await comment({ ...onArticle, authorId: rea }));
    }
    await site.newSignals();
    await site.contexts.write(viewers.ann)(markAllRead);
    expect(await unread(viewers.ann)).toBe(0);
    expect(await site.newSignals()).toEqual([
      { channel: `user.${ann}`, name: "notification.all-read", ids: null },
    ]);
  });

  test("does not change with another user's notification id", async () => {
    const [id] = await persist("comment", await comment({ ...onArticle, authorId: rea }));
    await site.newSignals();
    await site.contexts.write(viewers.ben)((ctx) => markRead(ctx, { notificationId: id ?? "" }));
    expect(await unread(viewers.ann)).toBe(1);
    expect(await site.newSignals()).toEqual([]);
  });
});

test("the quote of a long comment is cut between characters, also beside an emoji", async () => {
  const commentId = await comment({ ...onArticle, authorId: rea });
  await site.owner`update comments set body = ${`${"a".repeat(179)}😀 and more`}
    where id = ${commentId}`;
  await persist("comment", commentId);
  const input = listNotificationsInput.parse({});
  const page = await site.contexts.read(viewers.ann)((ctx) => listNotifications(ctx, input));
  expect(page.rows.map(({ quote }) => quote)).toEqual([`${"a".repeat(179)}😀…`]);
});

describe("a changed notification publishes a signal to its recipient", () => {
  const updated = [{ channel: `user.${ann}`, name: "notification.updated", ids: null }];
  const told = async () =>
    (await site.newSignals()).filter(({ name }) => name === "notification.updated");

  test("when the comment it quotes is edited", async () => {
    const commentId = await comment({ ...onGist, authorId: rea });
    await persist("comment", commentId);
    await site.newSignals();
    await site.owner`update comments set body = 'Better said.' where id = ${commentId}`;
    expect(await told()).toEqual(updated);
    await site.owner`update comments set body = body where id = ${commentId}`;
    expect(await told()).toEqual([]);
  });

  test("when the title of its page changes or the page becomes unreadable", async () => {
    await persist("comment", await comment({ ...onGist, authorId: rea }));
    await persist("comment", await comment({ ...onGist, authorId: ben }));
    await persist("comment", await comment({ ...onArticle, authorId: rea }));
    await site.newSignals();
    for (const visibility of ["private", "public"]) {
      await site.owner`update gists set visibility = ${visibility} where id = ${onGist.gistId}`;
      expect(await told()).toEqual(updated);
    }
    await site.owner`update articles set title = title || '.' where id = ${onArticle.articleId}`;
    expect(await told()).toEqual(updated);
    for (const days of [7, null]) {
      await site.owner`update articles set delete_at = now() + ${days}::int * interval '1 day'
        where id = ${onArticle.articleId}`;
      expect(await told()).toEqual(updated);
    }
  });
});
