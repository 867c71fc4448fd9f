import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { expectSameDocument, expectState, markDocument, openLive, signIn } from "./steps.ts";

test("S3.9 S3.19 a device that is signed out from another one is out at once, and both pages say so", async ({
  browser,
}) => {
  const open = async () =>
    (await browser.newContext({ storageState: await signIn(browser, "reader") })).newPage();
  const [here, there] = [await open(), await open()];
  await signIn(browser, "reader"); // one more, so that there are others left after the first
  await openLive(here, "/settings/sessions");
  await openLive(there, "/settings/sessions");
  await markDocument(here);
  const rows = here.getByRole("listitem");
  const before = await rows.count();

  await here
    .getByRole("button", { name: /^Sign out (?!everywhere)/ })
    .first()
    .click();
  await here.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(rows).toHaveCount(before - 1);
  await here.getByRole("button", { name: "Sign out everywhere else" }).click();
  await here.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(rows).toHaveCount(1);
  await expect(here.getByText("You are signed in here only.")).toBeVisible();
  await expectSameDocument(here);

  await expectState(there, "offline");
  await expect(there.getByText("This device has been signed out.")).toBeVisible();
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
});

test("a profile is changed, and shown so", async ({ browser }) => {
  const context = await browser.newContext({ storageState: await signIn(browser, "reader") });
  const page = await context.newPage();
  await page.goto("/settings");
  const name = await page.getByLabel("Name").inputValue();
  const bio = `Reads before breakfast, since ${Date.now()}.`;
  await page.getByLabel("About you").fill(bio);
  await page.getByLabel("Name").fill(" ");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Enter your name.").last()).toBeVisible();
  await expect(page.getByLabel("About you")).toHaveValue(bio);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});
