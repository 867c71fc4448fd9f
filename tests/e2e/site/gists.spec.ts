import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { comment, expectSameDocument, markDocument, openAs, openLive } from "../steps/steps.ts";

/** Makes a gist through the page. @returns its address */
async function makeGist(page: Page, title: string): Promise<string> {
  await page.goto("/gists/new");
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Name").fill("greet.ts");
  await page.getByLabel("Content").fill("export const greet = () => 'hello';\n");
  await page.getByRole("button", { name: "Create gist" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("S3.16 viewers of a gist see its creation and its changes, and lose it when it becomes private", {
  tag: "@live",
}, async ({ browser }) => {
  const owner = await openAs(browser, "author");
  const reader = await openAs(browser, "reader");
  const title = `A greeting ${Date.now()}`;
  const path = await makeGist(owner, title);
  await openLive(reader, path);
  await markDocument(reader);
  await expect(reader.locator(".hljs-keyword").first()).toHaveText("export");

  await owner.getByRole("link", { name: "Edit" }).click();
  await owner.getByRole("button", { name: "Add file" }).click();
  await owner.getByLabel("Name").last().fill("notes.md");
  await owner.getByLabel("Content").last().fill("# Notes\n");
  await owner.getByRole("button", { name: "Save" }).click();
  await expect(reader.getByRole("heading", { name: "notes.md" })).toBeVisible();

  await expect(owner.getByRole("heading", { name: "notes.md" })).toBeVisible();
  await comment(owner, "Said before it was private.");
  await owner.getByRole("link", { name: "Edit" }).click();
  await owner.getByLabel("Private: only you").check();
  await owner.getByRole("button", { name: "Save" }).click();
  await expect(owner.getByText("Gist, only for you")).toBeVisible();
  await expect(reader.getByRole("heading", { name: "This gist is not available" })).toBeVisible();
  await expect(reader.getByText("Said before it was private.")).toHaveCount(0);
  await expect(reader.getByText(title)).toHaveCount(0);
  await expectSameDocument(reader);
});

test("S3.16 the list of own gists follows another tab, and deleting asks for confirmation", {
  tag: "@live",
}, async ({ browser }) => {
  const page = await openAs(browser, "author");
  const list = await page.context().newPage();
  await openLive(list, "/gists?show=yours");
  await markDocument(list);
  const title = `Short-lived ${Date.now()}`;
  await makeGist(page, title);
  await expect(list.getByRole("link", { name: title })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/gists\?show=yours$/);
  await expect(list.getByRole("link", { name: title })).toHaveCount(0);
  await expectSameDocument(list);
});

test("a refused gist shows the reason beside the field and keeps its input", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  await page.goto("/gists/new");
  await page.getByLabel("Name").fill("a/b.ts");
  await page.getByLabel("Content").fill("kept");
  await page.getByRole("button", { name: "Create gist" }).click();
  await expect(page.getByText("Enter a title.").last()).toBeVisible();
  await expect(page.getByText("A file name cannot contain slashes.").last()).toBeVisible();
  await expect(page.getByLabel("Title")).toBeFocused();
  await expect(page.getByLabel("Content")).toHaveValue("kept");
});
