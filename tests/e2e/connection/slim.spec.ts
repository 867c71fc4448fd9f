import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectState,
  expectWritten,
  openAs,
  openLive,
} from "../steps/steps.ts";
import { measureScripts, slimBudgetBytes } from "../weight/weight.ts";

// Stories of the other files that are marked `@broker` run over this transport as well.
test("S3.22 a page over the slim transport is live again after its network was cut", {
  tag: "@slim",
}, async ({ browser }) => {
  const page = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(page, articlePath);
  await openLive(author, articlePath);
  await page.context().setOffline(true);
  await expectState(page, "offline");
  const text = `While offline ${Date.now()}`;
  await expectWritten(await comment(author, text));
  await page.context().setOffline(false);
  await expectState(page, "live");
  await expect(commentWith(page, text)).toBeVisible();
});

test("an article over the slim transport loads at most 201.4 kB of compressed scripts, and none of pusher-js", {
  tag: "@slim",
}, async ({ browser }) => {
  const page = await openAs(browser, "reader");
  const scripts = measureScripts(page);
  await openLive(page, articlePath);
  const { total, heaviest, hasPusherJs } = await scripts.settle();
  expect(hasPusherJs).toBe(false);
  expect(total, heaviest).toBeLessThanOrEqual(slimBudgetBytes);
});
