import { expect, type Page, type Route } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { articlePath, comment, commentWith, openAs, openLive } from "../steps/steps.ts";

/** Reads of live data that the page makes from now on. */
function watchReads(page: Page): readonly string[] {
  const reads: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === "GET" && /^\/api\/(comments|notifications)/.test(pathname)) {
      reads.push(pathname);
    }
  });
  return reads;
}

test("K9 an article opened by a member needs no read of comments or count after the document", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  const reads = watchReads(reader);
  await openLive(reader, articlePath);
  await expect(reader.getByLabel("Add a comment")).toBeVisible();
  expect(reads).toEqual([]);
});

test("K9 a comment written between the document and the subscription becomes visible", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(author, articlePath);
  let letGo = () => {};
  const isHeld = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const hold = async (route: Route) => {
    await isHeld;
    await route.continue();
  };
  await reader.route("**/api/realtime", untilClosed(reader, hold));
  await reader.goto(articlePath);
  await expect(reader.getByLabel("Add a comment")).toBeVisible();
  const said = `Written before you listened ${Date.now()}`;
  await comment(author, said);
  await expect(commentWith(reader, said)).toHaveCount(0);
  letGo();
  await expect(commentWith(reader, said)).toBeVisible();
});
