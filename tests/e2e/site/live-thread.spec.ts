import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectWritten,
  failPosts,
  lookAway,
  markDocument,
  openAs,
  openLive,
  unreadCount,
  untilHydrated,
  untilQuiet,
} from "../steps/steps.ts";

test("S3.10 S3.11 a comment and its reply appear in another browser without a reload: in thread, bell and count", {
  tag: "@live",
}, async ({ browser }) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  await markDocument(reader);
  await markDocument(author);
  const [readerUnread, authorUnread] = [await unreadCount(reader), await unreadCount(author)];

  const said = `Does this also hold for prepared statements? ${Date.now()}`;
  await comment(reader, said);
  await expect(commentWith(author, said)).toBeVisible();
  await expect.poll(() => unreadCount(author)).toBe(authorUnread + 1);

  const answered = `It does, after the fifth run. ${Date.now()}`;
  await commentWith(author, said)
    .getByRole("button", { name: /^Reply/ })
    .click();
  await author.getByRole("textbox", { name: /^Reply to / }).fill(answered);
  await author.getByRole("button", { name: "Reply", exact: true }).click();
  await expectArrived(reader, answered);
  await expect.poll(() => unreadCount(reader)).toBe(readerUnread + 1);

  await expectSameDocument(reader);
  await expectSameDocument(author);
});

test("S3.10 an edit and a deletion appear in another browser, and no query of another page is read", {
  tag: "@live",
}, async ({ browser }) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  const elsewhere = await openAs(browser, "admin");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  await openLive(elsewhere, "/articles/test-titles-are-promises");
  // A page may read once more when it becomes live.
  await untilQuiet(elsewhere);
  const reads: string[] = [];
  elsewhere.on("request", (request) => {
    if (request.url().includes("/api/comments")) reads.push(request.url());
  });

  const said = `A first wording ${Date.now()}`;
  const own = await comment(reader, said);
  await expect(commentWith(author, said)).toBeVisible();
  await own.getByRole("button", { name: /^Edit/ }).click();
  const better = `A better wording ${Date.now()}`;
  await reader.getByLabel("Edit your comment").fill(better);
  await reader.getByRole("button", { name: "Save", exact: true }).click();
  await expect(commentWith(author, better)).toBeVisible();
  await expect(commentWith(author, said)).toHaveCount(0);

  await commentWith(reader, better)
    .getByRole("button", { name: /^Delete/ })
    .click();
  await reader.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(commentWith(author, better)).toHaveCount(0);
  expect(reads).toEqual([]);
});

test("O1 the author of a comment reads the thread once, and the author's other tab receives the signal", {
  tag: "@live",
}, async ({ browser }) => {
  const reader = await openAs(browser, "reader");
  const otherTab = await reader.context().newPage();
  await openLive(reader, articlePath);
  await openLive(otherTab, articlePath);
  await untilQuiet(reader);
  const reads: string[] = [];
  reader.on("request", (request) => {
    if (request.url().includes("/api/comments")) reads.push(request.url());
  });
  const said = `Read once by whoever wrote it ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await expect(commentWith(otherTab, said)).toBeVisible();
  // This later signal arrives after the writer's own one.
  const later = `And this by somebody else ${Date.now()}`;
  const author = await openAs(browser, "author");
  await openLive(author, articlePath);
  expect(reads).toHaveLength(1);
  await comment(author, later);
  await expectArrived(reader, later);
  expect(reads).toHaveLength(2);
});

test("S3.26 the unread count decreases in every open tab after mark-read and mark-all", {
  tag: "@live",
}, async ({ browser }) => {
  const first = await openAs(browser, "admin");
  const second = await first.context().newPage();
  await openLive(first, "/notifications");
  await openLive(second, "/");
  const before = await unreadCount(second);
  expect(before).toBeGreaterThan(1);

  await first
    .getByRole("button", { name: /^Mark .*as read/ })
    .nth(1)
    .click();
  await expect.poll(() => unreadCount(second)).toBe(before - 1);
  await first.getByRole("button", { name: "Mark all as read" }).click();
  await expect.poll(() => unreadCount(second)).toBe(0);
  await expect.poll(() => unreadCount(first)).toBe(0);
});

test("S3.25 a failed comment is reverted, shows an error in place, and keeps its text", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  await reader.route(`**${articlePath}`, untilClosed(reader, failPosts));
  const said = `This will not arrive ${Date.now()}`;
  await comment(reader, said);
  await expect(reader.getByRole("alert").filter({ hasText: /\S/ }).first()).toBeVisible();
  await expect(commentWith(reader, said)).toHaveCount(0);
  await expect(reader.getByLabel("Add a comment")).toHaveValue(said);

  await reader.unroute(`**${articlePath}`);
  await reader.getByRole("button", { name: "Post comment" }).click();
  await expect(commentWith(reader, said)).toBeVisible();
});

test("S3.20 S3.7 a signed-out page opens no socket, shows no error, tells how to get live updates, and reads when the viewer returns", async ({
  page,
}) => {
  const sockets: string[] = [];
  const problems: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  const readTime = page.locator("[data-page-read]");
  await page.clock.install();
  for (const path of ["/", "/publications/the-margin", articlePath]) {
    await page.goto(path);
    await expect(readTime, path).toContainText(/Updated \d\d:\d\d/);
    await expect(readTime, path).toContainText("Sign in for live updates");
    await expect(readTime.getByText("Sign in"), path).toBeInViewport();
  }
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(page.getByText("Sign in to see new comments as they are written.")).toBeVisible();
  await untilHydrated(page);
  await page.waitForLoadState("networkidle");

  let reads = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/comments")) reads += 1;
  });
  await page.clock.runFor("10:00");
  expect(reads).toBe(0);
  await lookAway(page);
  await page.clock.runFor("00:10");
  await expect.poll(() => reads).toBe(1);
  await page.waitForLoadState("networkidle");
  expect(reads).toBe(1);
  expect(sockets).toEqual([]);
  expect(problems).toEqual([]);

  const answer = await page.request.post("/api/realtime", {
    headers: { origin: new URL(page.url()).origin },
    data: { v: 1, type: "join", socketId: "1.1", channels: [] },
  });
  expect(answer.status()).toBe(401);
});

test("an article and its thread can be read without JavaScript", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(articlePath);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("#discussion").getByRole("article").first()).toBeVisible();
  await context.close();
});
