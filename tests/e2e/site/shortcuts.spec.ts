import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, openAs, openLive } from "../steps/steps.ts";

const list = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });

/** Presses one key after the other. */
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test("a question mark lists the shortcuts of this person and returns the focus afterwards", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  const keep = page.getByRole("button", { name: /this page$/ });
  await keep.focus();
  await press(page, "?");
  await expect(list(page)).toBeVisible();
  await expect(list(page).getByText("Bookmarks")).toBeVisible();
  await expect(list(page).getByText("Dashboard")).toHaveCount(0);
  await press(page, "Escape");
  await expect(list(page)).toHaveCount(0);
  await expect(keep).toBeFocused();
});

test("keys lead to pages and through a discussion, but not while typing in a field", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  const comments = page.locator("#discussion").getByRole("article");
  await press(page, "n");
  await expect(comments.nth(0)).toBeFocused();
  await press(page, "n");
  await expect(comments.nth(1)).toBeFocused();
  await press(page, "p");
  await expect(comments.nth(0)).toBeFocused();

  await press(page, "c");
  const field = page.getByLabel("Add a comment");
  await expect(field).toBeFocused();
  await page.keyboard.type("g n? c");
  await expect(field).toHaveValue("g n? c");
  await expect(list(page)).toHaveCount(0);
  await field.fill("");

  await press(page, "Tab", "g", "n");
  await expect(page).toHaveURL(/\/notifications$/);
  await press(page, "g", "b");
  await expect(page).toHaveURL(/\/bookmarks$/);
  await press(page, "g", "g");
  await expect(page).toHaveURL(/\/gists$/);
  await press(page, "g", "h");
  await expect(page).toHaveURL(/\/$/);
  await press(page, "Control+g", "n", "g", "x", "n");
  await expect(page).toHaveURL(/\/$/);
});

test("shortcuts can be switched off and on again", async ({ page }) => {
  await page.goto(articlePath);
  const way = page.getByRole("button", { name: "Keyboard shortcuts" });
  await way.click();
  const toggle = list(page).getByRole("checkbox", { name: "Enable shortcuts" });
  await toggle.uncheck();
  await list(page).getByRole("button", { name: "Close" }).click();
  await expect(way).toBeFocused();
  await page.reload();
  await way.click();
  await expect(toggle).not.toBeChecked();
  await press(page, "Escape");
  await expect(list(page)).toHaveCount(0);
  await press(page, "c");
  await expect(page.locator("#add-comment :focus")).toHaveCount(0);

  await way.click();
  await toggle.check();
  await press(page, "Escape");
  await expect(list(page)).toHaveCount(0);
  await press(page, "c");
  await expect(page.getByRole("link", { name: "Sign in to comment" })).toBeFocused();
});
