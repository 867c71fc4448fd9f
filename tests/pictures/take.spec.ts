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

async function open(browser: Browser, role: Role, path: string): Promise<Page> {
  const page = await openAs(browser, role);
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openLive(page, path);
  await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
  return page;
}

const sizes = [
  { width: 1280, height: 860, suffix: "" },
  { width: 360, height: 740, suffix: "-360" },
] as const;

/**
 * Takes a page at both widths in both colour schemes: `home.png`, `home-dark.png`, `home-360.png` and
 * `home-360-dark.png`. The page must not scroll sideways.
 *
 * @param show Called after each change of the width, to scroll to the subject.
 */
async function take(page: Page, name: string, show = async () => {}): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  for (const { suffix, ...size } of sizes) {
    await page.setViewportSize(size);
    const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
    await expect.poll(scrollWidth, `${name} at ${size.width} px`).toBeLessThanOrEqual(size.width);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await show();
      const path = join(images, `${name}${suffix}${colorScheme === "dark" ? "-dark" : ""}.png`);
      await page.screenshot({ path, caret: "hide", animations: "disabled" });
      expect(statSync(path).size, path).toBeLessThanOrEqual(mostBytes);
    }
  }
}

test("screenshots of the front page, an article and its discussion", async ({ browser }) => {
  await take(await open(browser, "reader", "/"), "home");
  const reader = await open(browser, "reader", articlePath);
  const author = await open(browser, "author", articlePath);
  const said = "Thank you all. I have added the two plans side by side, as some of you asked.";
  await expectWritten(await comment(author, said));
  await expectArrived(reader, said);
  await take(reader, "discussion", () =>
    reader.locator("#discussion-title").evaluate((title) => title.scrollIntoView()),
  );
  await take(await open(browser, "reader", articlePath), "article");
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

test("screenshots of a publication", async ({ browser }) => {
  const margin = "/publications/the-margin";
  await take(await open(browser, "reader", margin), "publication");
  const editor = await open(browser, "admin", `${margin}/work?show=all`);
  await take(editor, "publication-work");
  const task = editor.locator(`main a[href^="${margin}/work/"]`).first();
  await openLive(editor, (await task.getAttribute("href")) ?? "");
  await expect(editor.locator("main [aria-busy=true]")).toHaveCount(0);
  await take(editor, "submission");
  await take(await open(browser, "admin", `${margin}/members`), "publication-members");
  await take(await open(browser, "reader", `${margin}/evidence`), "evidence");
  const asker = await open(browser, "admin", `${margin}/ask`);
  await asker.getByLabel("Question").fill("How late was the ferry in the first week, and why?");
  await asker.getByRole("button", { name: "Ask question" }).click();
  await expect(asker.getByRole("article")).toContainText("Grounded");
  await take(asker, "analyst");
});

test("screenshots of the admin pages", async ({ browser }) => {
  const reader = await open(browser, "reader", articlePath);
  const remarks = ["Which version is this?", "It is the same with a hash index.", "Noted, thanks."];
  for (const remark of remarks) await expectWritten(await comment(reader, remark));
  for (const [name, path] of [
    ["admin-overview", "/admin"],
    ["admin-channels", "/admin/channels"],
    ["admin-signals", "/admin/signals"],
  ] as const) {
    await take(await open(browser, "admin", path), name);
  }
});
