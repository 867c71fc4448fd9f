import { statSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import {
  articlePath,
  comment,
  expectArrived,
  expectWritten,
  openAs,
  openLive,
  type Role,
  signIn,
} from "../e2e/steps.ts";
import { test } from "../support/e2e.ts";

const images = join(import.meta.dirname, "..", "..", "docs", "images");
const mostBytes = 200_000;

async function open(browser: Browser, role: Role, path: string, dark = false): Promise<Page> {
  const page = await openAs(browser, role);
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  await openLive(page, path);
  await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
  return page;
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const path = join(images, `${name}.png`);
  await page.screenshot({ path, caret: "hide" });
  expect(statSync(path).size, name).toBeLessThanOrEqual(mostBytes);
}

test("screenshots of the front page, an article and its discussion", async ({ browser }) => {
  await take(await open(browser, "reader", "/"), "home");
  const reader = await open(browser, "reader", articlePath);
  await reader.locator("#discussion-title").evaluate((title) => title.scrollIntoView());
  const author = await open(browser, "author", articlePath);
  const said = "Thank you all. I have added the two plans side by side, as some of you asked.";
  await expectWritten(await comment(author, said));
  await expectArrived(reader, said);
  await take(reader, "discussion");
  await take(await open(browser, "reader", articlePath, true), "article-dark");
});

test("screenshots of notifications, gists and devices", async ({ browser }) => {
  await take(await open(browser, "author", "/notifications"), "notifications");
  await take(await open(browser, "reader", "/gists"), "gists");
  await signIn(browser, "author"); // another device
  await take(await open(browser, "author", "/settings/sessions"), "sessions");
});

test("screenshots of the editor and the author's dashboard", async ({ browser }) => {
  const page = await open(browser, "author", "/dashboard");
  await expect(page.locator(".recharts-surface").first()).toBeVisible();
  await take(page, "dashboard");
  const edit = page.getByRole("link", { name: /^Edit “The index that slept/ });
  await openLive(page, (await edit.getAttribute("href")) ?? "");
  await take(page, "editor");
});

test("screenshots of the admin pages", async ({ browser }) => {
  const reader = await open(browser, "reader", articlePath);
  const remarks = ["Which version is this?", "It is the same with a hash index.", "Noted, thanks."];
  for (const remark of remarks) await expectWritten(await comment(reader, remark));
  for (const [name, path, dark] of [
    ["admin-overview", "/admin", false],
    ["admin-channels", "/admin/channels", false],
    ["admin-signals", "/admin/signals", false],
    ["admin-overview-dark", "/admin", true],
  ] as const) {
    await take(await open(browser, "admin", path, dark), name);
  }
});
