import { expect, type Page } from "@playwright/test";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { reactionAdded } from "@/features/reactions/signals.ts";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectWritten,
  failPosts,
  markDocument,
  openAll,
  openAs,
  openLive,
  unreadCount,
} from "../steps/steps.ts";

/** Another article. */
const otherPath = "/articles/test-titles-are-promises";
const slugOf = (path: string) => path.split("/").at(-1) ?? "";

/** Requests for a path that the page makes from now on. */
function watch(page: Page, path: string): readonly string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === "GET" && pathname === path) seen.push(request.url());
  });
  return seen;
}

/** A reaction in the bar below a page, with its count. */
const bar = (page: Page, kind: string) =>
  page.getByRole("group", { name: "Reactions" }).getByRole("button", { name: kind });
async function countOf(page: Page, kind: string): Promise<number> {
  return Number(/(\d+)$/.exec((await bar(page, kind).textContent()) ?? "")?.[1] ?? Number.NaN);
}

test("S3.13 adding and removing a reaction to a page and to a comment appears for other viewers without a reload", {
  tag: "@live",
}, async ({ browser }) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  await markDocument(admin);
  const before = await countOf(admin, "Surprising");
  const own = watch(admin, "/api/reactions/own");

  await bar(reader, "Surprising").click();
  await expect(bar(reader, "Surprising")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => countOf(admin, "Surprising")).toBe(before + 1);
  await expect(bar(admin, "Surprising")).toHaveAttribute("aria-pressed", "false");
  await bar(reader, "Surprising").click();
  await expect.poll(() => countOf(admin, "Surprising")).toBe(before);
  expect(await countOf(reader, "Surprising")).toBe(before);

  const said = `Worth a reaction ${Date.now()}`;
  await expectWritten(await comment(admin, said));
  await expectArrived(reader, said);
  const react = (page: Page) =>
    commentWith(page, said).getByRole("button", { name: /react|React/ });
  await react(reader).click();
  await reader.getByRole("dialog").getByRole("button", { name: "Love" }).click();
  await reader.keyboard.press("Escape");
  await expect(react(admin)).toContainText("1");
  await react(reader).click();
  await reader.getByRole("dialog").getByRole("button", { name: "Love" }).click();
  await expect(react(admin)).toContainText("React");

  // Reactions of others do not refetch the viewer's own.
  expect(own).toEqual([]);
  await expectSameDocument(admin);
});

test("S3.25 a failed reaction is reverted, with an error message", async ({ browser }) => {
  const { reader } = await openAll(browser, articlePath, "reader");
  const before = await countOf(reader, "Support");
  await reader.route(`**${articlePath}`, untilClosed(reader, failPosts));
  await bar(reader, "Support").click();
  await expect(reader.getByText("Your reaction could not be saved.")).toBeVisible();
  await expect(bar(reader, "Support")).toHaveAttribute("aria-pressed", "false");
  expect(await countOf(reader, "Support")).toBe(before);
});

test("S3.13 S3.23 five hundred reactions in ten seconds cause each viewer a bounded number of reads, and the last state is shown", {
  tag: "@live",
}, async ({ browser, ownerUrl }) => {
  const owner = createOwnerWriter(ownerUrl);
  try {
    const { reader, admin } = await openAll(browser, otherPath, "reader", "admin");
    const [article] = await owner.sql<{ id: string }[]>`
      select id from articles where slug = ${slugOf(otherPath)}`;
    const articleId = article?.id ?? "";
    const people = await owner.sql<{ id: string }[]>`
      insert into users (handle, name) select 'crowd-' || n, 'Crowd ' || n
      from generate_series(1, 500) n returning id`;
    const before = await countOf(reader, "Insightful");
    const reads = [watch(reader, "/api/reactions"), watch(admin, "/api/reactions")];

    const page = { resourceType: "article", resourceId: articleId } as const;
    const startedMs = Date.now();
    for (const [index, { id }] of people.entries()) {
      const aheadMs = startedMs + index * 20 - Date.now();
      // The rate of the burst under test, not a wait.
      if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
      await owner.write(
        (tx) => tx`
          insert into reactions (user_id, kind, article_id) values (${id}, 'insightful', ${articleId})`,
        [reactionAdded(page, articleId)],
      );
    }
    for (const viewer of [reader, admin]) {
      await expect
        .poll(() => countOf(viewer, "Insightful"), { timeout: 20_000 })
        .toBe(before + 500);
    }
    // One read per half second during the burst, one before and one after.
    const windows = Math.ceil((Date.now() - startedMs) / 500) + 2;
    for (const { length } of reads) {
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(windows);
    }
  } finally {
    await owner.sql`delete from users where handle like 'crowd-%'`;
    await owner.close();
  }
});

test("S3.15 a bookmark appears at once in the user's other tab and list, and is published to no one else", {
  tag: "@live",
}, async ({ browser }) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  const list = await reader.context().newPage();
  await openLive(list, "/bookmarks");
  const title = (await reader.getByRole("heading", { level: 1 }).textContent()) ?? "";
  const kept = list
    .getByRole("region", { name: "Bookmarked pages" })
    .getByRole("link", { name: title });
  const button = reader.getByRole("button", { name: /this page$/ });
  if ((await button.getAttribute("aria-pressed")) === "true") {
    await button.click();
    await expect(kept).toHaveCount(0);
  }
  const elsewhere: string[] = [];
  admin.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/api/")) elsewhere.push(request.url());
  });

  await button.click();
  await expect(kept).toBeVisible();
  await list.getByRole("button", { name: `Remove bookmark: ${title}` }).click();
  await expect(kept).toHaveCount(0);
  await expect(button).toHaveAttribute("aria-pressed", "false");
  expect(elsewhere).toEqual([]);
});

test("a list of bookmarks shows no stale title when the author renames, withdraws and republishes the article", {
  tag: "@live",
}, async ({ browser, ownerUrl }) => {
  const owner = createOwnerWriter(ownerUrl);
  const { sql } = owner;
  const slug = slugOf(otherPath);
  const [before] = await sql<{ title: string; at: Date }[]>`
    select title, published_at as at from articles where slug = ${slug}`;
  const title = before?.title ?? "";
  const at = before?.at ?? null;
  try {
    const reader = await openAs(browser, "reader");
    await openLive(reader, otherPath);
    const button = reader.getByRole("button", { name: /this page$/ });
    if ((await button.getAttribute("aria-pressed")) === "false") await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await openLive(reader, "/bookmarks");
    await markDocument(reader);
    const kept = (name: string) =>
      reader
        .getByRole("region", { name: "Bookmarked pages" })
        .getByRole("link", { name, exact: true });
    await expect(kept(title)).toBeVisible();

    await sql`update articles set title = 'Renamed while you look' where slug = ${slug}`;
    await expect(kept("Renamed while you look")).toBeVisible();
    await expect(kept(title)).toHaveCount(0);
    await sql`update articles set published_at = null where slug = ${slug}`;
    await expect(kept("Renamed while you look")).toHaveCount(0);
    await sql`update articles set published_at = ${at}, title = ${title} where slug = ${slug}`;
    await expect(kept(title)).toBeVisible();
    await expectSameDocument(reader);
  } finally {
    await sql`update articles set published_at = ${at}, title = ${title} where slug = ${slug}`;
    await owner.close();
  }
});

test("followers of a discussion are notified of a new comment until they unfollow", {
  tag: "@live",
}, async ({ browser }) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  const follow = admin.getByRole("button", { name: /this discussion$/ });
  if ((await follow.getAttribute("aria-pressed")) === "false") {
    const saved = admin.waitForResponse((response) => response.request().method() === "POST");
    await follow.click();
    await saved;
  }
  await expect(follow).toHaveAttribute("aria-pressed", "true");
  const before = await unreadCount(admin);
  const said = `For those who follow ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await expect.poll(() => unreadCount(admin)).toBe(before + 1);
  await admin.goto("/notifications");
  await expect(admin.getByRole("article").filter({ hasText: said })).toHaveCount(1);

  await admin.goto("/bookmarks");
  await admin.getByRole("button", { name: /^Unfollow/ }).click();
  await expect(admin.getByText("No followed discussions yet")).toBeVisible();
});

test("S3.17 S3.18 a published article joins the feeds of its tag and author live; the home feed polls, and the top tags receive no signal", {
  tag: "@live",
}, async ({ browser, ownerUrl }) => {
  const owner = createOwnerWriter(ownerUrl);
  const { sql } = owner;
  const [author] = await sql<{ id: string; handle: string }[]>`
    select id, handle from users where handle = 'maren'`;
  const [tag] = await sql<{ id: string }[]>`select id from tags where slug = 'postgres'`;
  const [authorId, tagId] = [author?.id ?? "", tag?.id ?? ""];
  const articleId = crypto.randomUUID();
  const title = `Hot off the press ${Date.now()}`;
  try {
    const ofTag = await openAs(browser, "reader");
    const ofAuthor = await openAs(browser, "admin");
    const home = await openAs(browser, "author");
    await home.clock.install();
    await openLive(ofTag, "/tags/postgres");
    await openLive(ofAuthor, "/people/maren");
    await openLive(home, "/");
    await markDocument(ofTag);
    await markDocument(ofAuthor);
    const homeReads = ["/api/articles", "/api/articles/newer", "/api/tags"].map((path) =>
      watch(home, path),
    );

    await owner.write(
      async (tx) => {
        await tx`
        insert into articles (id, author_id, slug, title, body, published_at)
        values (${articleId}, ${authorId}, ${articleId}, ${title}, 'New.', now())`;
        await tx`insert into article_tags (article_id, tag_id) values (${articleId}, ${tagId})`;
      },
      [
        signal(channels.profile({ userId: authorId }), "feed.changed", { articleId }),
        signal(channels.tag({ tagId }), "feed.changed", { articleId }),
      ],
    );

    for (const page of [ofTag, ofAuthor]) {
      const button = page.getByRole("button", { name: "1 new article" });
      await expect(button).toBeVisible();
      await expect(page.getByRole("link", { name: title })).toHaveCount(0);
      await button.click();
      await expect(page.getByRole("link", { name: title })).toBeVisible();
      await expectSameDocument(page);
    }
    expect(homeReads.flat()).toEqual([]);

    await home.clock.fastForward("01:30");
    await home.getByRole("button", { name: "1 new article" }).click();
    await expect(home.getByRole("link", { name: title })).toBeVisible();
    expect(homeReads[2]).toEqual([]);
  } finally {
    await sql`delete from articles where id = ${articleId}`;
    await owner.close();
  }
});
