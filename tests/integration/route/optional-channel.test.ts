import { randomUUID } from "node:crypto";
import { defineChannels, ids, live, on, signal } from "querycast";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { kinds } from "@/channels/index.ts";
import { addBookmark } from "@/features/bookmarks/add-bookmark.ts";
import { hasBookmark } from "@/features/bookmarks/has-bookmark.ts";
import { bookmarkStatusQuery } from "@/features/bookmarks/queries.ts";
import { removeBookmark } from "@/features/bookmarks/remove-bookmark.ts";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { unreadCountQuery } from "@/features/notifications/queries.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import {
  article,
  createRolloutRig,
  memberOf,
  off,
  type RolloutRig,
} from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { openLivePage } from "../../support/site/live-page.ts";

/** The contract of a site that adds one declaration: bookmarks also signal on the channel of the page. */
const channels = defineChannels({
  ...kinds,
  resource: kinds.resource.signal("bookmark.changed", ids("resourceId"), { phase: 3 }),
});
const page = channels.resource(article);

const { rea } = viewers;
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig(channels);
});
afterAll(() => rig.close());

test("S3.28 one declaration adds bookmarks to the channel of the page, and admins switch it on and off while a page is open", async () => {
  const { queryKey, queryFn } = bookmarkStatusQuery(article, rea.userId);
  const status = live({ queryKey, queryFn }, [on(page, "bookmark.changed")]);
  const unread = unreadCountQuery(rea.userId);
  const listener = await rig.eavesdrop([page.name]);
  await rig.setStage(3, off);
  rig.rollout.forget();
  const open = await openLivePage(rig, rea, [status, unread], {
    "/api/bookmarks/status": (params) => (ctx) => hasBookmark(ctx, resourceRef.parse(params)),
    "/api/notifications/unread-count": () => countUnread,
  });
  const setBookmark = async (verb: typeof addBookmark) => {
    await rig.site.contexts.write(rea)((ctx) => verb(ctx, article));
    await rig.write(signal(page, "bookmark.changed", { resourceId: article.resourceId }));
  };
  /** A signal of another phase on the same channel: when it has arrived, all earlier ones have. */
  const writeComment = async () => {
    const commentId = randomUUID();
    await rig.write(signal(page, "comment.created", { commentId }));
    await vi.waitFor(() => expect(JSON.stringify(listener.frames)).toContain(commentId), 10_000);
    await open.isQuiet();
  };
  const signals = () => listener.frames.filter(({ name }) => name === "bookmark.changed");
  const fetches = () => [status, unread].map((query) => open.fetches(query.queryKey));

  // Off: the page has what it read, and the signal is not sent. The later comment is.
  expect(open.data(queryKey)).toBe(true);
  await open.isQuiet();
  const before = fetches();
  await setBookmark(removeBookmark);
  await writeComment();
  expect(signals()).toEqual([]);
  expect(fetches()).toEqual(before);

  // On: the open page reads once what it missed, and then at each signal. No other query is read.
  await rig.setStage(3, { status: "on" });
  await vi.waitFor(() => expect(open.data(queryKey)).toBe(false), 20_000);
  await open.isQuiet();
  const [statusFetches = 0, unreadFetches] = fetches();
  await setBookmark(addBookmark);
  await vi.waitFor(() => expect(open.data(queryKey)).toBe(true), 10_000);
  await open.isQuiet();
  expect(open.staleBySignal(queryKey)).toBe(1);
  expect(fetches()).toEqual([statusFetches + 1, unreadFetches]);
  expect(signals()).toMatchObject([{ data: { ids: [{ resourceId: article.resourceId }] } }]);

  // The rule of the channel applies: no viewer joins for a page that they cannot read.
  const draft = `resource.article.${idOf("draft")}`;
  expect(await rig.join(memberOf(rea), page.name, draft)).toEqual(["joined", "denied"]);

  await rig.setStage(3, off);
  await setBookmark(removeBookmark);
  await writeComment();
  expect(signals()).toHaveLength(1);
}, 60_000);
