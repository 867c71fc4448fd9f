import { randomUUID } from "node:crypto";
import { contract } from "querycast";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { articleFeedQuery, newerArticlesQuery } from "@/features/articles/queries.ts";
import { countNewer } from "@/features/articles/read/count-newer.ts";
import { listArticles } from "@/features/articles/read/list-articles.ts";
import { countNewerInput, listArticlesInput } from "@/features/articles/schema.ts";
import type { SaveArticleInput } from "@/features/articles/write/draft-schema.ts";
import { publishArticle } from "@/features/articles/write/publish-article.ts";
import { removeDueArticles } from "@/features/articles/write/remove-due-articles.ts";
import { restoreArticle } from "@/features/articles/write/restore-article.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { scheduleDeletion } from "@/features/articles/write/schedule-deletion.ts";
import { unpublishArticle } from "@/features/articles/write/unpublish-article.ts";
import { addBookmark } from "@/features/bookmarks/add-bookmark.ts";
import { listBookmarks } from "@/features/bookmarks/list-bookmarks.ts";
import { bookmarksQuery } from "@/features/bookmarks/queries.ts";
import type { Bookmark } from "@/features/bookmarks/schema.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { sorts, statuses } from "@/features/dashboard/keys.ts";
import { listOwnArticles } from "@/features/dashboard/list-own-articles.ts";
import { ownArticlesQuery } from "@/features/dashboard/queries.ts";
import { dashboardView } from "@/features/dashboard/schema.ts";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { notificationsQuery, unreadCountQuery } from "@/features/notifications/queries.ts";
import { listNotificationsInput, type Notification } from "@/features/notifications/schema.ts";
import { listTopTags } from "@/features/tags/list-top-tags.ts";
import { topTagsQuery } from "@/features/tags/queries.ts";
import type { Page } from "@/lib/pages/page-cursor.ts";
import { samples } from "../../../scripts/inventory/samples.ts";
import { bindingsOf } from "../../../src/realtime/query/binding/live.ts";
import { article, createRolloutRig, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { openLivePage } from "../../support/site/live-page.ts";

/** Queries of the site as pages show them: which ones the site's own writes make stale. */

const { ann, rea } = viewers;
const otherTag = randomUUID();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
  await rig.site.owner`insert into tags (id, slug, name) values (${otherTag}, 'other', 'Other')`;
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

/** An article of Ann with the actions of its author. */
function newArticle() {
  const input: Omit<SaveArticleInput, "basedOn"> = {
    articleId: randomUUID(),
    slug: `slug-${randomUUID()}`,
    title: "A title",
    excerpt: "In short",
    body: "Text",
    tagIds: [idOf("tag")],
  };
  const { articleId } = input;
  let text = input;
  let basedOn: string | null = null;
  const write = rig.site.contexts.write(ann);
  return {
    articleId,
    save: async (changes: Partial<typeof input> = {}) => {
      text = { ...text, ...changes };
      basedOn = (await write((ctx) => saveArticle(ctx, { ...text, basedOn }))).version;
    },
    publish: () => write((ctx) => publishArticle(ctx, { articleId, basedOn: basedOn ?? "" })),
    unpublish: () => write((ctx) => unpublishArticle(ctx, { articleId })),
    remove: () => write((ctx) => scheduleDeletion(ctx, { articleId })),
    restore: () => write((ctx) => restoreArticle(ctx, { articleId })),
    removeForGood: async () => {
      await write((ctx) => scheduleDeletion(ctx, { articleId }));
      await rig.site.owner`
        update articles set delete_at = now() - interval '1 second' where id = ${articleId}`;
      expect(await removeDueArticles(rig.site.contexts.job)).toBe(1);
    },
  };
}

test("S3.3 a notification makes the list and the unread count stale once each, and its row appears in the list", async () => {
  const [list, count] = [notificationsQuery(ann.userId, "all"), unreadCountQuery(ann.userId)];
  const keys = [list.queryKey, count.queryKey];
  const page = await openLivePage(rig, ann, [list, count], {
    "/api/notifications": (params) => (ctx) =>
      listNotifications(ctx, listNotificationsInput.parse(params)),
    "/api/notifications/unread-count": () => countUnread,
  });
  expect(keys).toEqual([["my-notifications"], ["unread-notification-count"]]);
  const shown = () =>
    page
      .data<{ readonly pages: readonly Page<Notification>[] }>(list.queryKey)
      ?.pages.flatMap(({ rows }) => rows.map(({ id }) => id)) ?? [];
  const [rowsBefore, unreadBefore] = [shown(), page.data<number>(count.queryKey) ?? 0];
  const before = keys.map((key) => [page.staleBySignal(key), page.fetches(key)]);

  const commentId = randomUUID();
  await rig.site.contexts.write(rea)((ctx) =>
    createComment(ctx, { ...article, commentId, parentId: null, body: "Well said." }),
  );
  const [id = ""] = await rig.site.contexts.job((ctx) =>
    persistNotification(ctx, { causeType: "comment", causeId: commentId }),
  );
  await vi.waitFor(() => expect(shown()).toEqual([id, ...rowsBefore]), 10_000);
  await vi.waitFor(() => expect(page.data(count.queryKey)).toBe(unreadBefore + 1), 10_000);
  await page.isQuiet();
  expect(keys.map((key) => [page.staleBySignal(key), page.fetches(key)])).toEqual(
    before.map(([stale = 0, fetches = 0]) => [stale + 1, fetches + 1]),
  );
});

test("S3.14 each change of an author's article makes their lists of every status and sort stale, and a new title the list of bookmarks", async () => {
  const lists = statuses.flatMap((status) =>
    sorts.map((sort) => ({
      view: { status, sort },
      query: ownArticlesQuery(ann.userId, { status, sort }),
    })),
  );
  expect(lists).toHaveLength(12);
  const bookmarks = bookmarksQuery(ann.userId);
  const page = await openLivePage(rig, ann, [...lists.map(({ query }) => query), bookmarks], {
    "/api/dashboard/articles": (params) => (ctx) =>
      listOwnArticles(ctx, dashboardView.parse(params)),
    "/api/bookmarks": () => listBookmarks,
  });
  const own = newArticle();
  const { articleId } = own;
  const bookmarked = () =>
    page
      .data<readonly Bookmark[]>(bookmarks.queryKey)
      ?.find((each) => each.page.resourceId === articleId)?.title;
  const steps: readonly (readonly [what: string, act: () => Promise<unknown>])[] = [
    ["created", () => own.save()],
    ["renamed as a draft", () => own.save({ title: "A better title" })],
    ["published", own.publish],
    ["edited", () => own.save({ body: "More text" })],
    ["retagged", () => own.save({ tagIds: [otherTag] })],
    ["unpublished", own.unpublish],
    ["published again", own.publish],
    ["deleted", own.remove],
    ["restored", own.restore],
    ["removed", own.removeForGood],
  ];
  const expectFetched = async (what: string, act: () => Promise<unknown>) => {
    const before = lists.map(({ query }) => page.fetches(query.queryKey));
    await act();
    await vi.waitFor(
      () =>
        lists.forEach(({ view, query }, index) => {
          const key = `${what}: ${view.status} by ${view.sort}`;
          expect(page.fetches(query.queryKey), key).toBeGreaterThan(before[index] ?? 0);
        }),
      10_000,
    );
    await page.isQuiet();
    for (const { view, query } of lists) {
      const current = await rig.site.contexts.read(ann)((ctx) => listOwnArticles(ctx, view));
      expect(page.data(query.queryKey)).toEqual(current);
    }
  };
  for (const [what, act] of steps.slice(0, 3)) await expectFetched(what, act);

  await rig.site.contexts.write(ann)((ctx) =>
    addBookmark(ctx, { resourceType: "article", resourceId: articleId }),
  );
  await vi.waitFor(() => expect(bookmarked()).toBe("A better title"), 10_000);
  await expectFetched("renamed", () => own.save({ title: "The best title" }));
  await vi.waitFor(() => expect(bookmarked()).toBe("The best title"), 10_000);

  for (const [what, act] of steps.slice(3)) await expectFetched(what, act);
  await vi.waitFor(() => expect(bookmarked()).toBeUndefined(), 10_000);
}, 120_000);

test("S3.17 S3.18 changes of articles make the feeds of their tags and author stale, and send no signal that could reach the home feed, its polling or the top tags", async () => {
  const home = [
    articleFeedQuery({}, null),
    newerArticlesQuery({ id: article.resourceId, publishedAt: new Date().toISOString() }),
    topTagsQuery(),
  ];
  const feeds = {
    tag: articleFeedQuery({ tagId: idOf("tag") }, null),
    other: articleFeedQuery({ tagId: otherTag }, null),
    author: articleFeedQuery({ authorId: ann.userId }, null),
  };
  expect(bindingsOf(feeds.tag).map(({ channel }) => channel.name)).toEqual([`tag.${idOf("tag")}`]);
  const page = await openLivePage(rig, rea, [...home, ...Object.values(feeds)], {
    "/api/articles": (params) => (ctx) => listArticles(ctx, listArticlesInput.parse(params)),
    "/api/articles/newer": (params) => (ctx) => countNewer(ctx, countNewerInput.parse(params)),
    "/api/tags": () => listTopTags,
  });
  await rig.site.newSignals();
  const homeBefore = home.map(({ queryKey }) => page.fetches(queryKey));
  // The polling starts with the data of the page.
  expect(homeBefore).toEqual([1, 0, 1]);
  const own = newArticle();
  await own.save();

  const steps: readonly (readonly [() => Promise<unknown>, (keyof typeof feeds)[]])[] = [
    [own.publish, ["tag", "author"]],
    [() => own.save({ title: "Another title" }), ["tag", "author"]],
    [() => own.save({ tagIds: [otherTag] }), ["tag", "other", "author"]],
    [own.unpublish, ["other", "author"]],
    [own.publish, ["other", "author"]],
    [own.remove, ["other", "author"]],
    [own.restore, ["other", "author"]],
    [own.removeForGood, ["other", "author"]],
  ];
  for (const [act, stale] of steps) {
    const before = stale.map((name) => page.fetches(feeds[name].queryKey));
    await act();
    await vi.waitFor(
      () =>
        stale.forEach((name, index) => {
          expect(page.fetches(feeds[name].queryKey), name).toBeGreaterThan(before[index] ?? 0);
        }),
      10_000,
    );
  }
  await page.isQuiet();
  expect(home.map(({ queryKey }) => page.fetches(queryKey))).toEqual(homeBefore);

  const told = await rig.site.newSignals({ toAuthors: true });
  const refs = told.map(({ channel }) => channels[contract].parse(channel));
  expect([...new Set(refs.map(({ kind }) => kind))].sort()).toEqual([
    "profile",
    "replying", // another wire name, with that of the article
    "resource",
    "tag",
    "user",
  ]);
  // Each names the article, its author or one of its tags, so that no channel is that of every reader.
  const ids = new Set([own.articleId, ann.userId, idOf("tag"), otherTag]);
  const foreign = refs.filter(
    ({ params }) => !Object.values(params).some((value) => ids.has(String(value))),
  );
  expect(foreign).toEqual([]);
  for (const query of [
    ...home,
    ...(samples.newerArticlesQuery ?? []),
    ...(samples.topTagsQuery ?? []),
  ]) {
    expect(bindingsOf(query), JSON.stringify(query.queryKey)).toEqual([]);
  }
}, 60_000);
