import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, openAs, openLive } from "../steps/steps.ts";

const account = (page: Page) => page.getByRole("button", { name: "Your account" });
const item = (page: Page, name: string) => page.getByRole("menuitem", { name });

test("a menu opens with an arrow key, is navigated by arrows and letters, and returns the focus", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  await page.goto("/");
  await account(page).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menu", { name: "Your account" })).toBeVisible();
  await expect(item(page, "Your page")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(item(page, "Sign out")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(item(page, "Your page")).toBeFocused();
  await page.keyboard.press("s");
  await expect(item(page, "Settings")).toBeFocused();
  await page.keyboard.press("s");
  await expect(item(page, "Sign out")).toBeFocused();
  await page.keyboard.press("Home");
  await expect(item(page, "Your page")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(account(page)).toBeFocused();

  // Keys pressed before the page is ready are not lost.
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("menu")).toHaveCount(0);

  await account(page).focus();
  await page.keyboard.press("Enter");
  await expect(item(page, "Your page")).toBeFocused();
  await page.keyboard.press("b");
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(/\/bookmarks$/);
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("the chosen colour scheme is marked, and a new choice is kept", async ({ page }) => {
  await page.goto("/");
  const choose = async (name: string) => {
    await page.getByRole("button", { name: "Colour scheme" }).click();
    await page.getByRole("menuitemradio", { name }).click();
  };
  await choose("Dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await page.getByRole("button", { name: "Colour scheme" }).click();
  await expect(page.getByRole("menuitemradio", { name: "Dark", checked: true })).toBeVisible();
  await expect(page.getByRole("menuitemradio", { checked: true })).toHaveCount(1);
});

test("a sheet closes by its button, by a click elsewhere, and when it loses the focus", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  const button = page.locator("[data-state-name]");
  const sheet = page.getByRole("dialog", { name: /^Connection/ });
  const isOpen = (open: boolean) => expect(sheet).toHaveCount(open ? 1 : 0);
  await button.click();
  await isOpen(true);
  await button.click();
  await isOpen(false);
  await button.click();
  await page.getByRole("heading", { level: 1 }).click();
  await isOpen(false);
  await button.focus();
  await page.keyboard.press("Enter");
  await isOpen(true);
  await expect(sheet).toBeFocused();
  await page.keyboard.press("Tab");
  await isOpen(false);
});

async function isInWindow(page: Page, sheet: Locator): Promise<void> {
  const box = await sheet.boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) throw new Error("The sheet is not visible.");
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(size.width);
  expect(box.y + box.height).toBeLessThanOrEqual(size.height);
}

/** The vertical space between two elements, measured at the same moment. */
async function gapBetween(one: Locator, other: Locator): Promise<number> {
  return other.evaluate(
    (element, first) => {
      const [a, b] = [first?.getBoundingClientRect(), element.getBoundingClientRect()];
      return a === undefined ? Number.NaN : Math.max(b.top - a.bottom, a.top - b.bottom);
    },
    await one.elementHandle(),
  );
}

for (const width of [360, 1280]) {
  test(`every popover opens beside its button and within the window (${width} px)`, async ({
    browser,
  }) => {
    const page = await openAs(browser, "author");
    await page.setViewportSize({ width, height: 740 });
    await openLive(page, articlePath);
    const comments = page.locator("#discussion").getByRole("article");
    for (const button of [
      page.locator("[data-state-name]"),
      page.getByRole("button", { name: "Colour scheme" }),
      account(page),
      comments.first().getByRole("button", { name: /react/i }),
      comments.last().getByRole("button", { name: /react/i }),
    ]) {
      await button.click();
      const sheet = page.getByRole("dialog").or(page.getByRole("menu"));
      await expect(sheet).toBeVisible();
      await isInWindow(page, sheet);
      await expect.poll(() => gapBetween(button, sheet)).toBeCloseTo(8, 0);
      await page.keyboard.press("Escape");
      await expect(sheet).toHaveCount(0);
    }
  });
}

test("elements behind a dialog cannot be reached or scrolled, and a click beside it closes a dialog without input", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  await openLive(page, articlePath);
  const scrolled = () => page.evaluate(() => scrollY);
  await page
    .getByRole("button", { name: /^Delete/ })
    .first()
    .click();
  const ask = page.getByRole("alertdialog");
  await expect(ask).toBeVisible();
  const before = await scrolled();
  await page.mouse.move(5, 300);
  await page.mouse.wheel(0, 400);
  await page.mouse.click(5, 300);
  await expect(ask).toBeVisible();
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press("Tab");
    const isOutside = await page.evaluate(
      () => document.activeElement?.closest("dialog, html") === document.documentElement,
    );
    expect(isOutside && (await page.evaluate(() => document.activeElement !== document.body))).toBe(
      false,
    );
  }
  expect(await scrolled()).toBe(before);
  await page.keyboard.press("Escape");
  await expect(ask).toHaveCount(0);

  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await page.mouse.click(5, 300);
  await expect(list).toHaveCount(0);
});
