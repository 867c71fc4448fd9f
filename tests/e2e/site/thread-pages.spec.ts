import { type Browser, expect, type Page } from "@playwright/test";
import { test as base } from "../../support/browser/e2e.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import { commentWith, expectSameDocument, markDocument, openAs, openLive } from "../steps/steps.ts";

interface LongThread {
  readonly path: string;
  /** Ids of its top-level comments `Comment 1.` to `Comment 95.`, oldest first. */
  readonly roots: readonly string[];
  /** Ids of the replies `Reply 1.` to `Reply 60.` to the newest comment. */
  readonly replies: readonly string[];
}

const test = base.extend<{ thread: LongThread }>({
  thread: async ({ ownerUrl }, use) => {
    const { sql, close } = createOwnerWriter(ownerUrl);
    const articleId = crypto.randomUUID();
    await sql`
      insert into articles (id, author_id, slug, title, body, published_at)
      select ${articleId}, id, ${articleId}, 'A long discussion', 'Discuss.', now() from users where handle = 'maren'`;
    const insert = (what: string, count: number, parentId: string | null, daysAgo: number) => sql<
      { id: string }[]
    >`
      insert into comments (article_id, author_id, parent_id, body, created_at)
      select ${articleId}, users.id, ${parentId}, ${what} || ' ' || n || '.',
        now() - make_interval(days => ${daysAgo}, mins => -n)
      from users, generate_series(1, ${count}) n where handle = 'maren' order by n returning id`;
    const roots = (await insert("Comment", 95, null, 2)).map(({ id }) => id);
    const replies = (await insert("Reply", 60, roots.at(-1) ?? null, 1)).map(({ id }) => id);
    await use({ path: `/articles/${articleId}`, roots, replies });
    await sql`delete from articles where id = ${articleId}`;
    await close();
  },
});

const said = (page: Page, text: string) => page.getByText(text, { exact: true });
const older = (page: Page) => page.getByRole("button", { name: "Show older comments" });
const newest = (page: Page) => page.getByRole("button", { name: "Show newest comments" });
const title = (page: Page) => page.getByRole("heading", { name: "155 comments" });

function watchReads(page: Page): string[] {
  const reads: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/comments")) reads.push(request.url());
  });
  return reads;
}

async function open(browser: Browser, path: string): Promise<Page> {
  const page = await openAs(browser, "reader");
  await openLive(page, path);
  return page;
}

test("a long thread opens with its newest comments, and can be paged to the oldest and back", async ({
  browser,
  thread,
}) => {
  const page = await open(browser, thread.path);
  await expect(title(page)).toBeVisible();
  await expect(said(page, "Comment 95.")).toBeVisible();
  await expect(said(page, "Comment 60.")).toHaveCount(0);
  for (const [shown, left] of [
    ["Comment 60.", "Comment 95."],
    ["Comment 40.", "Comment 60."],
    ["Comment 1.", "Comment 40."],
  ] as const) {
    await older(page).click();
    await expect(said(page, shown)).toBeVisible();
    await expect(said(page, left)).toHaveCount(0);
    await expect(title(page)).toBeFocused();
  }
  await expect(older(page)).toHaveCount(0);
  await newest(page).click();
  await expect(said(page, "Comment 95.")).toBeVisible();
  await expect(newest(page)).toHaveCount(0);
});

test("the older replies of a long branch are folded and open on a separate page", async ({
  browser,
  thread,
}) => {
  const page = await open(browser, thread.path);
  await expect(said(page, "Reply 60.")).toBeVisible();
  await expect(said(page, "Reply 1.")).toHaveCount(0);
  await page.getByRole("button", { name: /^Show \d+ older replies$/ }).click();
  await expect(said(page, "Comment 95.")).toBeVisible();
  await expect(said(page, "Comment 94.")).toHaveCount(0);
  if ((await said(page, "Reply 1.").count()) === 0) {
    await page.getByRole("button", { name: "Show older replies" }).click();
  }
  await expect(said(page, "Reply 1.")).toBeVisible();
  await newest(page).click();
  await expect(said(page, "Comment 94.")).toBeVisible();
});

test("a link to a comment on an old page, or to a folded reply, opens its page and focuses the comment", async ({
  browser,
  thread,
}) => {
  for (const id of [thread.roots[2], thread.replies[4]]) {
    const page = await open(browser, `${thread.path}#comment-${id}`);
    const linked = page.locator(`#comment-${id}`);
    await expect(linked).toBeInViewport();
    await expect(linked).toBeFocused();
    await page.context().close();
  }
});

test("S3.10 a reply to a comment on an old page appears there live, with one read", async ({
  browser,
  thread,
}) => {
  const link = `${thread.path}#comment-${thread.roots[2]}`;
  const reader = await open(browser, link);
  const author = await openAs(browser, "author");
  await openLive(author, link);
  for (const page of [reader, author]) await expect(said(page, "Comment 3.")).toBeVisible();
  await reader.waitForLoadState("networkidle");
  await markDocument(reader);
  const reads = watchReads(reader);

  await commentWith(author, "Comment 3.")
    .getByRole("button", { name: /^Reply/ })
    .click();
  const reply = `A late reply ${Date.now()}`;
  await author.getByRole("textbox", { name: /^Reply to / }).fill(reply);
  await author.getByRole("button", { name: "Reply", exact: true }).click();
  await expect(commentWith(author, reply)).toBeVisible();

  const button = reader.getByRole("button", { name: /new comment/ });
  await expect(button.or(commentWith(reader, reply)).first()).toBeVisible();
  if (await button.isVisible()) await button.click();
  await expect(commentWith(reader, reply)).toBeVisible();
  await expect(reader.getByRole("heading", { name: "156 comments" })).toBeVisible();
  expect(reads).toHaveLength(1);
  await expectSameDocument(reader);
});

test("a comment written on an old page is shown on the newest one", async ({ browser, thread }) => {
  const page = await open(browser, `${thread.path}#comment-${thread.roots[2]}`);
  await expect(said(page, "Comment 3.")).toBeVisible();
  const text = `From an old page ${Date.now()}`;
  await page.getByLabel("Add a comment").fill(text);
  await page.getByRole("button", { name: "Post comment" }).click();
  await expect(commentWith(page, text)).toBeVisible();
  await expect(said(page, "Comment 95.")).toBeVisible();
  await expect(commentWith(page, text)).not.toHaveAttribute("aria-busy", "true");
});
