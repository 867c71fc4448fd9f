import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { articles } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { addBookmark } from "@/features/bookmarks/add-bookmark.ts";
import { hasBookmark } from "@/features/bookmarks/has-bookmark.ts";
import { listBookmarks } from "@/features/bookmarks/list-bookmarks.ts";
import { removeBookmark } from "@/features/bookmarks/remove-bookmark.ts";
import { isFollowing } from "@/features/follows/is-following.ts";
import { listFollows } from "@/features/follows/list-follows.ts";
import { startFollowing } from "@/features/follows/start-following.ts";
import { stopFollowing } from "@/features/follows/stop-following.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from bookmarks`;
  await site.owner`delete from follows`;
  await site.newSignals();
});

const rename = (tx: Transaction, id: string, title: string) =>
  tx.update(articles).set({ title }).where(eq(articles.id, id));

type Person = (typeof viewers)["ann" | "ben" | "rea"];
const page = (resourceType: ResourceRef["resourceType"], label: string): ResourceRef => ({
  resourceType,
  resourceId: idOf(label),
});
const article = page("article", "article");
const gist = page("gist", "gist");

const kinds = [
  {
    what: "a bookmark",
    add: addBookmark,
    remove: removeBookmark,
    has: hasBookmark,
    list: listBookmarks,
    signals: { added: "bookmark.added", removed: "bookmark.removed", updated: "bookmark.updated" },
  },
  {
    what: "a followed discussion",
    add: startFollowing,
    remove: stopFollowing,
    has: isFollowing,
    list: listFollows,
    signals: { added: "follow.started", removed: "follow.ended", updated: "follow.updated" },
  },
] as const;

describe.each(kinds)("$what", ({ add, remove, has, list, signals }) => {
  const keep = (viewer: Person, ref: ResourceRef) =>
    site.contexts.write(viewer)((ctx) => add(ctx, ref));
  const drop = (viewer: Person, ref: ResourceRef) =>
    site.contexts.write(viewer)((ctx) => remove(ctx, ref));
  const isKept = (viewer: Person, ref: ResourceRef) =>
    site.contexts.read(viewer)((ctx) => has(ctx, ref));
  const titles = async (viewer: Person) =>
    (await site.contexts.read(viewer)(list)).map(({ title }) => title);
  const told = async () =>
    (await site.newSignals())
      .filter(({ name }) => Object.values<string>(signals).includes(name))
      .map(({ channel, name }) => `${channel} ${name}`);
  const everything = async () => (await site.newSignals()).map(({ channel }) => channel);

  test("S3.15 publishes on its owner's channel only", async () => {
    await keep(viewers.rea, article);
    await keep(viewers.rea, gist);
    await drop(viewers.rea, article);
    const channels = await everything();
    expect(channels).toHaveLength(3);
    expect(new Set(channels)).toEqual(new Set([`user.${idOf("rea")}`]));
    expect(await titles(viewers.rea)).toEqual(["gist"]);
    expect(await titles(viewers.ben)).toEqual([]);
  });

  test("is stored and published once when two tabs add it concurrently", async () => {
    await Promise.all([1, 2, 3].map(() => keep(viewers.rea, article)));
    expect(await told()).toEqual([`user.${idOf("rea")} ${signals.added}`]);
    expect(await titles(viewers.rea)).toEqual(["article"]);
    await Promise.all([1, 2, 3].map(() => drop(viewers.rea, article)));
    expect(await told()).toEqual([`user.${idOf("rea")} ${signals.removed}`]);
    expect(await isKept(viewers.rea, article)).toBe(false);
  });

  test("is refused for an unreadable page", async () => {
    for (const ref of [page("article", "draft"), { ...gist, resourceId: randomUUID() }]) {
      await expect(keep(viewers.rea, ref)).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await everything()).toEqual([]);
  });

  test("receives a signal when its page's title changes, for the author too, and shows the new title", async () => {
    await keep(viewers.rea, article);
    await keep(viewers.ann, article);
    await told();
    await site.contexts.write(viewers.ann)(({ tx }) =>
      rename(tx, idOf("article"), "another title"),
    );
    expect(new Set(await told())).toEqual(
      new Set(["rea", "ann"].map((name) => `user.${idOf(name)} ${signals.updated}`)),
    );
    expect(await titles(viewers.rea)).toEqual(["another title"]);
    await site.contexts.write(viewers.ann)(({ tx }) => rename(tx, idOf("article"), "article"));
    await told();
    await site.contexts.write(viewers.ann)(({ tx }) => rename(tx, idOf("article"), "article"));
    expect(await told()).toEqual([]);
  });

  test("is hidden while its page is withdrawn, and shown when it is published again", async () => {
    const id = idOf("article");
    await keep(viewers.rea, article);
    await keep(viewers.rea, gist);
    await told();
    const received = [`user.${idOf("rea")} ${signals.updated}`];
    await site.owner`update articles set published_at = null where id = ${id}`;
    expect(await told()).toEqual(received);
    expect(await titles(viewers.rea)).toEqual(["gist"]);
    await site.owner`update articles set published_at = now() where id = ${id}`;
    expect(await told()).toEqual(received);
    expect(await titles(viewers.rea)).toEqual(["gist", "article"]);
    await site.owner`update gists set visibility = 'private' where id = ${idOf("gist")}`;
    expect(await told()).toEqual(received);
    expect(await titles(viewers.rea)).toEqual(["article"]);
    await site.owner`update gists set visibility = 'public' where id = ${idOf("gist")}`;
  });

  test("is deleted with its page, with a signal to its owner", async () => {
    const id = randomUUID();
    await site.owner`
      insert into articles (id, author_id, slug, title, body, published_at)
      values (${id}, ${idOf("ann")}, ${id}, 'short-lived', '', now())`;
    await keep(viewers.rea, { resourceType: "article", resourceId: id });
    await told();
    await site.owner`delete from articles where id = ${id}`;
    expect(await told()).toEqual([`user.${idOf("rea")} ${signals.updated}`]);
    expect(await titles(viewers.rea)).toEqual([]);
  });
});
