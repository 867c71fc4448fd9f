import { type Browser, expect, type Page } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { test } from "../../support/browser/e2e.ts";
import { fromOwnAddress, onAction, openLive, signUp, untilHydrated } from "../steps/steps.ts";

const unreachable = "The site cannot be reached. Check your connection and try again.";
const accountButton = (page: Page) => page.getByRole("button", { name: "Your account" });

/** A page on a phone, whose server actions get no answer. */
async function openCutOff(browser: Browser, path: string): Promise<Page> {
  const page = await (
    await browser.newContext({ viewport: { width: 360, height: 740 }, ...fromOwnAddress() })
  ).newPage();
  await page.goto(path);
  await untilHydrated(page);
  await onAction(page, (route) => route.abort());
  return page;
}

test("a sign-up and a sign-in that do not reach the site say so, keep what was typed, and work afterwards", async ({
  browser,
}) => {
  const handle = `kept-${Date.now()}`;
  const typed = { Name: "A visitor", Handle: handle, "E-mail": `${handle}@example.org` };
  const password = "a sentence does well";
  const page = await openCutOff(browser, "/sign-up?next=/gists");
  for (const [label, text] of Object.entries(typed)) await page.getByLabel(label).fill(text);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText(unreachable)).toBeInViewport();
  for (const [label, text] of Object.entries(typed)) {
    await expect(page.getByLabel(label)).toHaveValue(text);
  }
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(password);
  await page.unrouteAll();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/gists");
  await expect(accountButton(page)).toBeVisible();

  const other = await openCutOff(browser, "/sign-in?next=/gists");
  await other.getByLabel("E-mail").fill(typed["E-mail"]);
  await other.getByLabel("Password", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByText(unreachable)).toBeInViewport();
  await expect(other.getByLabel("E-mail")).toHaveValue(typed["E-mail"]);
  await other.unrouteAll();
  await other.getByLabel("Password", { exact: true }).fill("not this one");
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByText("E-mail and password do not match")).toBeVisible();
  await expect(other.getByLabel("E-mail")).toHaveValue(typed["E-mail"]);
  await expect(other.getByLabel("Password", { exact: true })).toHaveValue("");
  await other.getByLabel("Password", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other).toHaveURL("/gists");
});

test("a demo sign-in that does not reach the site says so, and works afterwards", async ({
  browser,
}) => {
  const page = await openCutOff(browser, "/sign-in?next=/notifications");
  await page.getByRole("button", { name: "Sign in as reader" }).click();
  await expect(page.getByText(unreachable)).toBeInViewport();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Sign in as reader" }).click();
  await expect(page).toHaveURL("/notifications");
  await expect(accountButton(page)).toBeVisible();
});

test("a changed password that does not reach the site is not shown as changed", async ({
  browser,
}) => {
  const { page, password } = await signUp(browser, "/settings");
  await openLive(page, "/settings");
  await onAction(page, (route) => route.abort());
  await page.getByLabel("Current password").fill(password);
  await page.getByLabel("New password").fill("another sentence does well");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText(unreachable)).toBeInViewport();
  await expect(page.getByText("Password changed.")).toHaveCount(0);
  await page.unrouteAll();
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed.")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("");
});

test("people sign in without JavaScript, and see why they cannot", async ({ browser }) => {
  const email = demoAccounts.find(({ role }) => role === "reader")?.email ?? "";
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in?next=/gists");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("E-mail and password do not match")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL("/gists");

  const other = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await other.goto("/sign-in?next=/gists");
  await other.getByRole("button", { name: "Sign in as author" }).click();
  await expect(other).toHaveURL("/gists");
});
