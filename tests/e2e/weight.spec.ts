import { gzipSync } from "node:zlib";
import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { articlePath, openAs, openLive } from "./steps.ts";

/** What is in it: docs/decisions/0009. */
const budgetBytes = 197_000;

test("an article that is read, discussed and live costs at most 197 kB of compressed JavaScript", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const scripts = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".js")) return;
    scripts.set(
      pathname,
      response.body().then((body) => gzipSync(body).length),
    );
  });
  await openLive(page, articlePath);
  // What is loaded only once the page is live, or when it is asked for, counts as well.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.waitForLoadState("networkidle");

  const sizes = await Promise.all(
    [...scripts].map(async ([name, size]) => ({ name, bytes: await size })),
  );
  const heaviest = sizes.sort((one, other) => other.bytes - one.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  test.info().annotations.push({ type: "weight", description: `${total} bytes` });
  expect(sizes.length).toBeGreaterThan(0);
  expect(total, JSON.stringify(heaviest, null, 1)).toBeLessThanOrEqual(budgetBytes);
});
