import { type Browser, expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { pages } from "../steps/pages.ts";
import { articlePath, openAs, type Role } from "../steps/steps.ts";

/** Opens a page whose scripts arrive when `hydrate` is called, as over a slow network. */
async function openWithoutScripts(browser: Browser, role: Role, path: string) {
  const page = await openAs(browser, role);
  let hydrate = () => {};
  const arrival = new Promise<void>((resolve) => {
    hydrate = resolve;
  });
  await page.route(
    "**/_next/static/**/*.js*",
    untilClosed(page, async (route) => {
      await arrival;
      await route.continue();
    }),
  );
  await page.goto(path, { waitUntil: "commit" });
  return { page, hydrate };
}

const saved = (page: Page) => expect(page.locator('[data-save-state="saved"]')).toBeVisible();

test("a new article that is typed before the page's scripts arrive is kept, and saved", async ({
  browser,
}) => {
  const { page, hydrate } = await openWithoutScripts(browser, "author", "/write");
  const title = `Typed early ${Date.now()}`;
  await page.getByLabel("Title").pressSequentially(title);
  await page.getByLabel("Text").pressSequentially("The first words.");
  await page.getByLabel("Writing", { exact: true }).check({ force: true });
  hydrate();
  await expect(page).toHaveURL(/\/write\/[0-9a-f-]{36}$/);
  await saved(page);
  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue(title);
  await expect(page.getByLabel("Text")).toHaveValue("The first words.");
  await expect(page.getByLabel("Writing", { exact: true })).toBeChecked();

  // The text of an article that exists is not set back either.
  const id = new URL(page.url()).pathname;
  const again = await openWithoutScripts(browser, "author", id);
  await again.page.getByLabel("Text").press("Control+End");
  await again.page.getByLabel("Text").pressSequentially(" And more.");
  again.hydrate();
  await expect(again.page.locator('[data-save-state="saved"]')).toBeVisible();
  await expect(again.page.getByLabel("Text")).toHaveValue("The first words. And more.");
  await page.reload();
  await expect(page.getByLabel("Text")).toHaveValue("The first words. And more.");
});

for (const label of ["Name", "About you"]) {
  test(`the selection of “${label}” stays as it was before the page's scripts arrive`, async ({
    browser,
  }) => {
    for (const [key, isReplaced] of [
      ["Control+a", true],
      ["Control+End", false],
    ] as const) {
      const { page, hydrate } = await openWithoutScripts(browser, "author", "/settings");
      const field = page.getByLabel(label);
      const before = await field.inputValue();
      expect(before).not.toBe("");
      await field.press(key);
      hydrate();
      await expect(page.getByRole("button", { name: /^Connection/ })).toBeVisible();
      await page.keyboard.type("Typed");
      await expect(field).toHaveValue(isReplaced ? "Typed" : `${before}Typed`);
      await page.close();
    }
  });
}

test("a comment that is sent before the page's scripts arrive is posted once, and the page is not loaded again", async ({
  browser,
}) => {
  const { page, hydrate } = await openWithoutScripts(browser, "reader", articlePath);
  const loads: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  const text = `Sent early ${Date.now()}`;
  await page.getByLabel("Add a comment").pressSequentially(text);
  await page.getByRole("button", { name: "Post comment" }).click();
  hydrate();
  await expect(page.getByText(text)).toHaveCount(1);
  await expect(page.getByLabel("Add a comment")).toHaveValue("");
  expect(loads).toEqual([]);
  await page.reload();
  await expect(page.getByText(text)).toHaveCount(1);
});

test("a gist that is filled in and sent before the page's scripts arrive is created as it was chosen", async ({
  browser,
}) => {
  const { page, hydrate } = await openWithoutScripts(browser, "reader", "/gists/new");
  const title = `Sent early ${Date.now()}`;
  await page.getByLabel("Title").pressSequentially(title);
  await page.getByLabel("Private: only you").check();
  await page.getByLabel("Name").pressSequentially("early.txt");
  await page.getByLabel("Content").pressSequentially("Words.");
  await page.getByRole("button", { name: "Create gist" }).click();
  hydrate();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("Gist, only for you")).toBeVisible();
  await expect(page.getByRole("heading", { name: "early.txt" })).toBeVisible();
});

for (const role of ["reader", "author", "admin"] as const) {
  test(`fields have the same names and ids each time their page is rendered, as ${role}`, async ({
    browser,
  }) => {
    const { request } = await openAs(browser, role);
    const paths = Object.values(pages[role]).filter((way) => typeof way === "string");
    let fields = 0;
    for (const path of paths) {
      const marks = async () =>
        (await (await request.get(path)).text()).match(/<(input|textarea|select|label)\b[^>]*>/g);
      const first = await marks();
      fields += first?.length ?? 0;
      const known = (tags: typeof first) =>
        tags?.map((tag) => tag.match(/\b(name|id|for)="[^"]*"/g)?.join(" "));
      expect(known(await marks()), path).toEqual(known(first));
    }
    expect(fields).toBeGreaterThan(0);
  });
}
