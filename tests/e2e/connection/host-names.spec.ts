import { expect } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectState,
  expectWritten,
  openAs,
  openLive,
} from "../steps/steps.ts";

test("at an own host name that is not listed, pages read and write, show that they are not live, and the console names the remedy", async ({
  browser,
  baseURL,
}) => {
  const { origin } = Object.assign(new URL(baseURL ?? ""), { hostname: "127.0.0.1" });
  expect(origin).not.toBe(new URL(baseURL ?? "").origin);
  const page = await (await browser.newContext({ baseURL: origin })).newPage();
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));

  await page.goto("/sign-in");
  const account = demoAccounts.find(({ role }) => role === "reader");
  await page.getByLabel("E-mail").fill(account?.email ?? "");
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Notifications/ })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(origin);

  await page.goto(articlePath);
  await expect.poll(() => warnings.join()).toContain(`Add ${origin} to ALLOWED_ORIGINS.`);
  await expectState(page, "degraded");
  const body = `From an unlisted name ${Date.now()}`;
  await expectWritten(await comment(page, body));
  await expect(page.locator('[data-state-name="live"]')).toHaveCount(0);
  await page.reload();
  await expect(commentWith(page, body)).toBeVisible();

  // The same comment arrives at a listed name.
  const author = await openAs(browser, "author");
  await openLive(author, articlePath);
  await expect(commentWith(author, body)).toBeVisible();
});
