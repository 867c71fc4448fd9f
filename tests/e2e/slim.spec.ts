import { expect } from "@playwright/test";
import { test } from "./own-site.ts";
import { articlePath, comment, commentWith, expectState } from "./steps.ts";
import { measureScripts, slimBudgetBytes } from "./weight.ts";

test.use({ transport: "slim" });

test("S3.10 a comment appears in another browser over the slim transport, with one socket per browser", async ({
  author,
  reader,
}) => {
  const page = await reader.newPage();
  let sockets = 0;
  page.on("websocket", () => {
    sockets += 1;
  });
  await page.goto(articlePath);
  await author.goto(articlePath);
  for (const each of [page, author]) await expectState(each, "live");
  const text = `Over slim ${Date.now()}`;
  await comment(author, text);
  await expect(commentWith(page, text)).toBeVisible();
  expect(sockets).toBe(1);
});

test("S3.22 a page over the slim transport is live again after its network was cut", async ({
  author,
  reader,
}) => {
  const page = await reader.newPage();
  await page.goto(articlePath);
  await expectState(page, "live");
  await reader.setOffline(true);
  await expectState(page, "offline");
  await author.goto(articlePath);
  await expectState(author, "live");
  const text = `While offline ${Date.now()}`;
  await comment(author, text);
  await reader.setOffline(false);
  await expectState(page, "live");
  await expect(commentWith(page, text)).toBeVisible();
});

test("an article over the slim transport loads at most 201.4 kB of compressed scripts, and none of pusher-js", async ({
  reader,
}) => {
  const page = await reader.newPage();
  const scripts = measureScripts(page);
  await page.goto(articlePath);
  await expectState(page, "live");
  const { total, heaviest, hasPusherJs } = await scripts.settle();
  expect(hasPusherJs).toBe(false);
  expect(total, heaviest).toBeLessThanOrEqual(slimBudgetBytes);
});
