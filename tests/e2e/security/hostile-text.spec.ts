import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { openAs } from "../steps/steps.ts";

async function makeGist(page: Page, filename: string, content: string): Promise<void> {
  await page.goto("/gists/new");
  await page.getByLabel("Title").fill(`A gist ${Date.now()}`);
  await page.getByLabel("Name").fill(filename);
  await page.getByLabel("Content").fill(content);
  await page.getByRole("button", { name: "Create gist" }).click();
  await expect(page).toHaveURL(/\/gists\/[0-9a-f-]{36}$/);
}

test("a file that takes too long to highlight is shown as plain text with the reason, and other pages respond", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  await makeGist(page, "a.ts", "a".repeat(200_000));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => page.request.get("/api/health/live")),
  );
  expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200, 200, 200]);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("formatting it took too long")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.locator(".code-file pre")).toContainText("aaaaaaaaaa");
});

test("an article with too deep nesting has a page, and its preview shows why it is not formatted", async ({
  browser,
}) => {
  const page = await openAs(browser, "author");
  await page.goto("/write");
  await page.getByLabel("Title").fill(`Deep ${Date.now()}`);
  await page.getByLabel("Text").fill("> - ".repeat(12_500));
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByText("shown without formatting")).toBeVisible({ timeout: 20_000 });
  await page.getByLabel("Text").fill("![a cat](https://cats.example/cat.png) and *that*");
  await expect(preview.getByText("this site does not show images from cats.example")).toBeVisible();
  await expect(preview.getByText("that", { exact: true })).toHaveCSS("font-style", "italic");
});
