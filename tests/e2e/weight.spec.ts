import { gzipSync } from "node:zlib";
import { expect, type Response } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { untilClosed } from "../support/page-tasks.ts";
import { articlePath, openAs, openLive } from "./steps.ts";

/** What is in it: docs/decisions/0009. */
const budgetBytes = 197_000;

test("an article that is read, discussed and live costs at most 197 kB of compressed JavaScript", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const scripts = new Map<string, number | undefined>();
  const weigh = async (response: Response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".js")) return;
    scripts.set(pathname, undefined); // not read yet
    scripts.set(pathname, gzipSync(await response.body()).length);
  };
  page.on("response", untilClosed(page, weigh));
  await openLive(page, articlePath);
  // What is loaded only once the page is live, or when it is asked for, counts as well.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.waitForLoadState("networkidle");

  await expect.poll(() => [...scripts.values()].includes(undefined)).toBe(false);
  const sizes = [...scripts].map(([name, bytes = 0]) => ({ name, bytes }));
  const heaviest = sizes.sort((one, other) => other.bytes - one.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  test.info().annotations.push({ type: "weight", description: `${total} bytes` });
  expect(sizes.length).toBeGreaterThan(0);
  expect(total, JSON.stringify(heaviest, null, 1)).toBeLessThanOrEqual(budgetBytes);
});
