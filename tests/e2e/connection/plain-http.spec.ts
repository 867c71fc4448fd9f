import { type Browser, expect, type Page } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { test as base } from "../../support/browser/e2e.ts";
import { lanHost } from "../../support/runner/environment.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectWritten,
  openLive,
  type Role,
} from "../steps/steps.ts";

/** The site by plain http and a LAN name: browsers keep crypto.randomUUID, crypto.subtle and more from its pages. */
const test = base.extend({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = launchOptions.args ?? [];
      await use({
        ...launchOptions,
        args: [...args, `--host-resolver-rules=MAP ${lanHost} 127.0.0.1`],
      });
    },
    { scope: "worker" },
  ],
  baseURL: async ({ baseURL }, use) =>
    use(Object.assign(new URL(baseURL ?? ""), { hostname: lanHost }).href),
});

/** Signs in with the form: only the browser can resolve the name. */
async function openAs(browser: Browser, role: Role): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const account = demoAccounts.find((each) => each.role === role);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(account?.email ?? "");
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Notifications/ })).toBeVisible();
  return page;
}

/** Errors of scripts on the page. */
function watchErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
}

/** A test over a page that has these would prove nothing. */
const expectInsecure = async (page: Page) =>
  expect(
    await page.evaluate(() => [
      isSecureContext,
      typeof crypto.randomUUID,
      typeof crypto.subtle,
      "locks" in navigator,
      "clipboard" in navigator,
    ]),
  ).toEqual([false, "undefined", "undefined", false, false]);

test("a page loaded over plain http from a LAN name is live, and comments are sent and arrive there", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  const errors = [watchErrors(reader), watchErrors(author)];
  await openLive(author, articlePath);
  await openLive(reader, articlePath);
  await expectInsecure(reader);
  for (const text of ["From the LAN", "Once more"]) {
    const body = `${text} ${Date.now()}`;
    const own = await comment(reader, body);
    await expectWritten(own);
    await expect(own).toHaveCount(1);
    await expectArrived(author, body);
  }
  expect(errors).toEqual([[], []]);
});

test("over plain http a gist is written, and its page is live", async ({ browser }) => {
  const author = await openAs(browser, "author");
  const errors = watchErrors(author);
  await author.goto("/gists/new");
  await expectInsecure(author);
  const title = `Written on the LAN ${Date.now()}`;
  await author.getByLabel("Title").fill(title);
  await author.getByLabel("Name").fill("lan.ts");
  await author.getByLabel("Content").fill("export const lan = true;\n");
  await author.getByRole("button", { name: "Create gist" }).click();
  await expect(author.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(author.locator('[data-state-name="live"]')).toBeVisible();
  expect(errors).toEqual([]);
});

test("over plain http an id is copied to the clipboard", async ({ browser }) => {
  const admin = await openAs(browser, "admin");
  await openLive(admin, articlePath);
  await expectWritten(await comment(admin, `Makes a signal ${Date.now()}`));
  await openLive(admin, "/admin/signals");
  await expectInsecure(admin);
  // The list is live: this row may not stay the first one.
  const row = admin.getByRole("button", { name: /^Copy / }).first();
  const copy = await row.evaluateHandle((button) => button);
  const text = await copy.evaluate((button) => button.getAttribute("title") ?? "");
  expect(text).not.toBe("");
  await copy.evaluate((button) => (button as HTMLElement).focus());
  await admin.keyboard.press("Enter");
  await expect(admin.getByText("Copied.")).toBeAttached();
  expect(await copy.evaluate((button) => button === document.activeElement)).toBe(true);
  await admin.goto(articlePath);
  const field = admin.getByLabel("Add a comment");
  await field.focus();
  await admin.keyboard.press("Control+v");
  await expect(field).toHaveValue(text);
});
