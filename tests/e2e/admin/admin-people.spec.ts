import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectState,
  expectWritten,
  openAs,
  openLive,
  signUp,
} from "../steps/steps.ts";

test("a changed role takes effect at once: the console opens and closes for the person", async ({
  browser,
}) => {
  const { handle, page } = await signUp(browser, "/notifications");
  const admin = await openAs(browser, "admin");
  await admin.goto(`/admin/people?search=${handle}`);
  const row = admin.getByRole("row").filter({ hasText: `@${handle}` });
  const changeTo = async (role: string) => {
    await row.getByRole("button", { name: /^Change the role/ }).click();
    const dialog = admin.getByRole("dialog", { name: "Change the role of A visitor" });
    await dialog.getByLabel(role).check();
    await dialog.getByRole("button", { name: "Change role" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(row).toContainText(role);
  };
  const consoleLink = page.getByRole("menuitem", { name: "Admin" });
  await changeTo("admin");
  await expect(async () => {
    await page.getByRole("button", { name: "Your account" }).click();
    await expect(consoleLink).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await consoleLink.click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await changeTo("reader");
  await expect(page.getByRole("heading", { name: "Overview" })).toHaveCount(0);
  await admin.goto(`/admin/audit?action=user.role-changed&subject=`);
  await expect(
    admin.getByRole("row").filter({ hasText: `changed the role of @${handle}` }),
  ).toHaveCount(2);
});

test("a comment removed by an admin disappears from open pages, and the audit log shows the reason", async ({
  browser,
}) => {
  const { handle, page } = await signUp(browser, articlePath);
  const said = `Buy my book ${Date.now()}`;
  await expectWritten(await comment(page, said));
  const admin = await openAs(browser, "admin");
  await openLive(admin, articlePath); // a button before hydration does nothing
  await commentWith(admin, said)
    .getByRole("button", { name: /^Remove/ })
    .click();
  const dialog = admin.getByRole("alertdialog", { name: "Remove A visitor’s comment?" });
  await dialog.getByLabel("Reason").fill("Advertising");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(commentWith(admin, said)).toHaveCount(0);
  await expect(commentWith(page, said)).toHaveCount(0);
  await admin.goto("/admin/audit?action=comment.removed");
  await expect(
    admin
      .getByRole("row")
      .filter({ hasText: `removed a comment by @${handle} on ` })
      .first(),
  ).toContainText("Advertising");
});

test("S3.9 a ban takes effect at once: the open page goes offline, and signing in shows the reason", async ({
  browser,
}) => {
  // A ban ends every session of the person.
  const { handle, email, password, page: banned } = await signUp(browser, "/notifications");

  const admin = await openAs(browser, "admin");
  await admin.goto(`/admin/people?search=${handle}`);
  await admin.getByRole("button", { name: "Ban A visitor" }).click();
  await admin.getByRole("button", { name: "Ban", exact: true }).click();
  await expect(admin.getByText(/^Enter a reason/)).toBeVisible();
  await admin.getByLabel(/^Why is/).fill("Trying it out");
  await admin.getByRole("button", { name: "Ban", exact: true }).click();
  await expectState(banned, "offline");

  const page = await (await browser.newContext()).newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText(/^An admin banned this account/)).toBeVisible();
  await admin.getByRole("button", { name: /^Lift the ban/ }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Notifications/ })).toBeVisible();
});
