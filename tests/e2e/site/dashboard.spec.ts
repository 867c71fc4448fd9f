import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import {
  comment,
  expectArrived,
  expectSameDocument,
  expectWritten,
  failPosts,
  markDocument,
  openAs,
  openLive,
} from "../steps/steps.ts";

const title = "Isolation levels, read as promises";
const row = (page: Page, name = title) => page.getByRole("article").filter({ hasText: name });
async function figure(page: Page, of: string, name = title): Promise<number> {
  const text = (await row(page, name).textContent()) ?? "";
  return Number(new RegExp(`(\\d+)\\s*${of}`).exec(text)?.[1]);
}
const total = async (page: Page, of: string) =>
  Number.parseInt((await page.getByRole("button", { name: of }).textContent()) ?? "", 10);

test("an author's numbers change while a reader reads, comments and reacts, without a reload", {
  tag: "@live",
}, async ({ browser }) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/dashboard");
  await markDocument(author);
  const path = await row(author).getByRole("link", { name: title }).first().getAttribute("href");
  const [views, comments, reactions] = [
    await figure(author, "view"),
    await figure(author, "comment"),
    await figure(author, "reaction"),
  ];
  const viewsOfDays = await total(author, "views");

  const reader = await openAs(browser, "reader");
  await openLive(reader, path ?? "");
  await expect.poll(() => figure(author, "view")).toBe(views + 1);
  await expect.poll(() => total(author, "views")).toBe(viewsOfDays + 1);
  await expectWritten(await comment(reader, `Which level is yours? ${Date.now()}`));
  await expect.poll(() => figure(author, "comment")).toBe(comments + 1);
  const surprising = reader
    .getByRole("group", { name: "Reactions" })
    .getByRole("button", { name: "Surprising" });
  await expect(surprising).toHaveAttribute("aria-pressed", "false");
  await surprising.click();
  await expect.poll(() => figure(author, "reaction")).toBe(reactions + 1);
  await surprising.click();
  await expect.poll(() => figure(author, "reaction")).toBe(reactions);
  await expectSameDocument(author);

  await reader.reload();
  await author.goto(path ?? ""); // neither a repeated view nor the author's counts
  await openLive(author, "/dashboard");
  expect(await figure(author, "view")).toBe(views + 1);
});

test("a list of drafts shows what its author writes in another tab, until it is published", {
  tag: "@live",
}, async ({ browser }) => {
  const list = await openAs(browser, "author");
  await openLive(list, "/dashboard?status=draft&sort=newest");
  await markDocument(list);
  const desk = await list.context().newPage();
  await desk.goto("/write");
  const name = `Live on the dashboard ${Date.now()}`;
  await desk.getByLabel("Title").fill(name);
  await expect(row(list, name)).toBeVisible();
  await desk.getByLabel("Text").fill("Words.");
  await desk.getByRole("button", { name: "Publish" }).click();
  await expect(row(list, name)).toHaveCount(0);
  await expectSameDocument(list);
});

test("S3.9 S3.25 a deleted article disappears for readers at once, and returns after undo", {
  tag: "@live",
}, async ({ browser }) => {
  const name = "Migrations without a maintenance window";
  const author = await openAs(browser, "author");
  await openLive(author, "/dashboard");
  const path =
    (await row(author, name).getByRole("link", { name }).first().getAttribute("href")) ?? "";
  const reader = await openAs(browser, "reader");
  await openLive(reader, path);
  await markDocument(reader);

  await row(author, name)
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(row(author, name)).toHaveCount(0);
  const undo = author.getByRole("button", { name: "Undo" });
  await expect(undo).toBeFocused();
  await expect(reader.getByText("The author unpublished or deleted this article.")).toBeVisible();
  expect((await reader.request.get(path)).status()).toBe(404);

  await undo.click();
  await expect(row(author, name)).toBeVisible();
  await expect.poll(async () => (await reader.request.get(path)).status()).toBe(200);
  // The open page shows the article again without a reload, with its discussion, and is live.
  await expect(reader.getByText("The author unpublished or deleted this article.")).toHaveCount(0);
  await expect(reader.getByText("The discussion could not be loaded.")).toHaveCount(0);
  await author.goto(path);
  const body = `After the return ${Date.now()}`;
  await expectWritten(await comment(author, body));
  await expectArrived(reader, body);
  await expectSameDocument(reader);
});

test("S3.25 a failed deletion is reverted, with an error message", async ({ browser }) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/dashboard");
  await author.route("**/dashboard**", untilClosed(author, failPosts));
  await row(author)
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(author.getByRole("alert").filter({ hasText: /\S/ }).first()).toBeVisible();
  await expect(row(author)).toBeVisible();
  await expect(author.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("the chart has a table of its numbers, and a deleted article can be restored", async ({
  browser,
}) => {
  const author = await openAs(browser, "author");
  await author.goto("/dashboard?status=deleting");
  await author.getByText("Show as table").click();
  await expect(author.getByRole("table").getByRole("row")).toHaveCount(31);
  await expect(author.locator(".recharts-bar-rectangle").first()).toBeVisible();
  await row(author, "A benchmark I take back")
    .getByRole("button", { name: /^Restore/ })
    .click();
  await expect(row(author, "A benchmark I take back")).toHaveCount(0);
  await author.goto("/dashboard?status=published");
  await expect(row(author, "A benchmark I take back")).toBeVisible();
});
