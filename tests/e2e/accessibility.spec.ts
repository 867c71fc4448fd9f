import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { articlePath, openAs, openLive } from "./steps.ts";

const looks = [
  { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

for (const { colorScheme, viewport } of looks) {
  const how = `${colorScheme}, ${viewport.width} px`;

  test(`no page has a serious violation or scrolls sideways, signed out (${how})`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    const paths = [
      "/",
      articlePath,
      "/tags/postgres",
      "/people/maren",
      "/sign-in",
      "/sign-up",
      "/no",
    ];
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
      expect(await violations(page), path).toEqual([]);
      expect(await overflow(page), path).toBe(0);
    }
  });

  test(`no page has a serious violation or scrolls sideways, signed in (${how})`, async ({
    browser,
  }) => {
    const page = await openAs(browser, "author");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(viewport);
    for (const path of [
      ...["/", articlePath, "/notifications", "/bookmarks"],
      ...["/write", "/dashboard"],
    ]) {
      await openLive(page, path);
      expect(await violations(page), path).toEqual([]);
      expect(await overflow(page), path).toBe(0);
    }
    await page.goto(articlePath);
    await page
      .getByRole("button", { name: /^Delete/ })
      .first()
      .click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    expect(await violations(page), "the dialog").toEqual([]);
  });
}

test("a comment is written, answered and deleted by keyboard alone", async ({ browser }) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  const said = `By keyboard ${Date.now()}`;
  await page.getByLabel("Add a comment").focus();
  await page.keyboard.type(said);
  await page.keyboard.press("Control+Enter");
  const own = page.getByRole("article").filter({ hasText: said });
  await expect(own).toBeVisible();
  await own.getByRole("button", { name: /^Delete/ }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(own).toHaveCount(0);
});
