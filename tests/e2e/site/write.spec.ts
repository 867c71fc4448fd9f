import { type Browser, type Dialog, expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { failPosts, openAs } from "../steps/steps.ts";

const saved = (page: Page, state: string) =>
  expect(page.locator(`[data-save-state="${state}"]`)).toBeVisible();
const action = (page: Page) => (fail: boolean) =>
  fail ? page.route("**/write**", untilClosed(page, failPosts)) : page.unroute("**/write**");

/** A new, automatically saved article with this title, in a browser of the author. */
async function begin(browser: Browser, title: string, body = "A first line."): Promise<Page> {
  const page = await openAs(browser, "author");
  await page.goto("/write");
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Text").fill(body);
  await expect(page).toHaveURL(/\/write\/[0-9a-f-]{36}$/);
  await saved(page, "saved");
  return page;
}

test("a draft is saved automatically, previewed as readers will see it, published, and appears for a reader", async ({
  browser,
}) => {
  const title = `On proof-reading ${Date.now()}`;
  const page = await begin(browser, title, "Some *emphasis* and\n\n## A heading");
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("heading", { name: "A heading" })).toBeVisible();
  await expect(preview.getByText("emphasis")).toHaveCSS("font-style", "italic");

  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue(title);
  await expect(page.getByLabel("URL")).toHaveValue(/^on-proof-reading-\d+$/);
  await page.getByLabel("Writing", { exact: true }).check({ force: true });
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("link", { name: "View article" })).toBeVisible();

  const reader = await openAs(browser, "reader");
  await reader.goto("/");
  await reader.getByRole("link", { name: title }).click();
  await expect(reader.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(reader.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await page.getByRole("link", { name: "View article" }).click();
  await expect(page.getByRole("link", { name: "Edit" })).toBeVisible();
});

test("an article can be written and published by keyboard alone", async ({ browser }) => {
  const page = await openAs(browser, "author");
  await page.goto("/write");
  const title = `By keyboard ${Date.now()}`;
  await page.getByLabel("Title").focus();
  await page.keyboard.type(title);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab"); // out of the summary
  await page.keyboard.type("Words.");
  await page.keyboard.press("Tab"); // and out of the text
  await expect(page.getByLabel("Text")).not.toBeFocused();
  await page.keyboard.press("Control+s");
  await saved(page, "saved");
  await page.getByRole("button", { name: "Publish" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "View article" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
});

test("a failed save shows an error, keeps the text over a reload, and is repeated", async ({
  browser,
}) => {
  const page = await begin(browser, `Failing ${Date.now()}`);
  const setFailing = action(page);
  await setFailing(true);
  await page.getByLabel("Text").fill("Not lost.");
  await saved(page, "failed");
  await expect(page.getByRole("alert").filter({ hasText: "Not saved" })).toBeVisible();

  // Leaving the page needs a confirmation.
  page.on(
    "dialog",
    untilClosed(page, (dialog) => dialog.accept()),
  );
  await page.reload();
  await expect(page.getByLabel("Text")).toHaveValue("Not lost.");
  await setFailing(false);
  await page.keyboard.press("Control+s");
  await saved(page, "saved");
  await page.reload();
  await expect(page.getByLabel("Text")).toHaveValue("Not lost.");
});

test("leaving with unsaved text needs a confirmation", async ({ browser }) => {
  const page = await begin(browser, `Leaving ${Date.now()}`);
  await action(page)(true);
  await page.getByLabel("Text").fill("Not yet saved.");
  await saved(page, "failed");
  const asked: string[] = [];
  const dismiss = (dialog: Dialog) => {
    asked.push(dialog.message());
    return dialog.dismiss();
  };
  page.on("dialog", untilClosed(page, dismiss));
  await page.getByRole("link", { name: "Inkwell" }).first().click();
  await expect.poll(() => asked).toEqual([expect.stringContaining("unsaved changes")]);
  await expect(page.getByLabel("Text")).toHaveValue("Not yet saved.");
});

test("the outdated one of two tabs gets a notice, and its user chooses the text to keep", async ({
  browser,
}) => {
  const first = await begin(browser, `Two tabs ${Date.now()}`);
  const second = await first.context().newPage();
  await second.goto(first.url());
  await expect(second.getByLabel("Text")).toHaveValue("A first line.");
  await expect(second.locator('[data-state-name="live"]')).toBeVisible();

  // Unchanged here: the tab follows.
  await first.getByLabel("Text").fill("Of the first tab.");
  await saved(first, "saved");
  await expect(second.getByLabel("Text")).toHaveValue("Of the first tab.");

  // Changed here as well: the tab asks.
  const setFailing = action(second);
  await setFailing(true);
  await second.getByLabel("Text").fill("Of the second tab.");
  await saved(second, "failed");
  await first.getByLabel("Text").fill("Of the first tab, again.");
  await saved(first, "saved");
  await saved(second, "conflict");
  await setFailing(false);
  await second.getByRole("button", { name: "Use my version" }).click();
  await saved(second, "saved");
  await expect(first.getByLabel("Text")).toHaveValue("Of the second tab.");
});

test("a slug that is taken shows an error beside its field, and the text is saved", async ({
  browser,
}) => {
  const page = await begin(browser, `Taken ${Date.now()}`);
  await page.getByLabel("URL").fill("the-index-that-slept");
  await expect(page.getByText("Another article uses the URL")).toBeVisible();
  await page.getByLabel("Text").fill("Saved all the same.");
  await saved(page, "saved");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByLabel("URL")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("link", { name: "View article" })).toHaveCount(0);
});

test("readers see why they cannot write, and who can change that", async ({ browser }) => {
  const page = await openAs(browser, "reader");
  for (const path of ["/write", "/dashboard"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("author");
    await expect(page.getByText("ask an admin to make you an author")).toBeVisible();
  }
});

test("an open article shows that it was updated, and moves nothing before its reader asks", {
  tag: "@live",
}, async ({ browser }) => {
  const title = `Updated ${Date.now()}`;
  const author = await begin(browser, title, "The first wording.");
  await author.getByRole("button", { name: "Publish" }).click();
  await author.getByRole("link", { name: "View article" }).click();
  await expect(author.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const reader = await openAs(browser, "reader");
  await reader.goto(new URL(author.url()).pathname);
  await expect(reader.locator('[data-state-name="live"]')).toBeVisible();

  await author.getByRole("link", { name: "Edit" }).click();
  await author.getByLabel("Text").fill("The second wording.");
  await saved(author, "unsaved");
  await author.getByRole("button", { name: "Update" }).click();
  await saved(author, "saved");
  await expect(reader.getByText("This article was updated.")).toBeVisible();
  await expect(reader.getByText("The first wording.")).toBeVisible();
  await reader.getByRole("button", { name: "Show new version" }).click();
  await expect(reader.getByText("The second wording.")).toBeVisible();
  await expect(reader.getByText("This article was updated.")).toHaveCount(0);

  await author.getByRole("button", { name: "Unpublish" }).click();
  await expect(reader.getByText("The author unpublished or deleted this article.")).toBeVisible();
});
