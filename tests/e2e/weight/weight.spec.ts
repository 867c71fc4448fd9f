import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, openAs, openLive } from "../steps/steps.ts";
import { measureScripts, pusherBudgetBytes, slimBudgetBytes } from "./weight.ts";

test("an article that is read, discussed and live over pusher-js loads at most 220 kB of compressed JavaScript", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const scripts = measureScripts(page);
  await openLive(page, articlePath);
  const { total, heaviest } = await scripts.settle();
  expect(total, heaviest).toBeLessThanOrEqual(pusherBudgetBytes);
});

test("J1 J5 the document of an article does not name pusher-js, which loads after hydration and stores nothing", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const scripts = measureScripts(page);
  const document = page.waitForResponse((response) => response.url().endsWith(articlePath));
  await openLive(page, articlePath);
  const html = await (await document).text();
  const { pusherJs } = await scripts.settle();
  expect(pusherJs).toBeDefined();
  expect(html).not.toContain(pusherJs);
  expect(await page.evaluate(() => Object.keys(localStorage))).not.toContainEqual(
    expect.stringMatching(/^pusher/),
  );
});

test("links are not prefetched: a page requests no other page before a link is followed", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const routed: string[] = [];
  page.on("request", (request) => {
    if (request.headers().rsc !== undefined) routed.push(new URL(request.url()).pathname);
  });
  await openLive(page, "/");
  const link = page.locator(`main a[href="${articlePath}"]`).first();
  await link.hover();
  await page.waitForLoadState("networkidle");
  expect(routed).toEqual([]);
  await link.click();
  await page.waitForURL(articlePath);
  expect(routed).toEqual([articlePath]);
});

test("an article for signed-out readers loads no transport and stays below the smaller limit", async ({
  browser,
}) => {
  const page = await browser.newPage();
  const scripts = measureScripts(page);
  await page.goto(articlePath);
  const { total, heaviest, hasPusherJs } = await scripts.settle({ opensShortcuts: false });
  expect(hasPusherJs).toBe(false);
  expect(total, heaviest).toBeLessThanOrEqual(slimBudgetBytes);
});
