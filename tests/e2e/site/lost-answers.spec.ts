import { expect, type Page, type Route } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { onAction, openAs } from "../steps/steps.ts";

/** The server does what it is asked to, and the page does not hear of it. @returns waits for the first lost answer */
async function loseAnswers(page: Page): Promise<() => Promise<void>> {
  let lost = 0;
  await onAction(page, async (route: Route) => {
    await route.fetch();
    await route.abort();
    lost += 1;
  });
  return () => expect.poll(() => lost).toBeGreaterThan(0);
}

test("a gist whose first answer was lost has what was changed before it was sent again", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  const title = `Sent twice ${Date.now()}`;
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/gists/new");
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Name").fill("first.txt");
  await page.getByLabel("Content").fill("first");
  await loseAnswers(page);
  await page.getByRole("button", { name: "Create gist" }).click();
  await expect(page.getByText("The site cannot be reached.")).toBeInViewport();
  await page.unrouteAll();
  await page.getByLabel("Name").fill("second.txt");
  await page.getByRole("button", { name: "Create gist" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole("heading", { name: "second.txt" })).toBeVisible();
  await page.goto("/gists");
  await expect(page.getByRole("link", { name: title })).toHaveCount(1);
});

test("an article whose answers were lost is saved with what was typed since, and is no conflict with itself", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  const title = `Heard late ${Date.now()}`;
  const state = page.locator("[data-save-state]");
  const conflict = page.getByText("was saved in another tab or on another device");
  await page.goto("/write");
  const first = await loseAnswers(page);
  await page.getByLabel("Title").fill(title);
  await first();
  await page.getByLabel("Text").fill("The first line.");
  await page.unrouteAll();
  await expect(state).toHaveAttribute("data-save-state", "saved");
  await expect(conflict).toHaveCount(0);

  // The page may learn of the save by its signal before it is told that the request failed.
  const second = await loseAnswers(page);
  await page.getByLabel("Text").fill("The second line.");
  await second();
  await page.getByLabel("Text").fill("The second line, and a third.");
  await page.unrouteAll();
  await expect(state).toHaveAttribute("data-save-state", "saved");
  await expect(conflict).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Text")).toHaveValue("The second line, and a third.");
});
