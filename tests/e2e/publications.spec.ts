import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { foundPublication, invite, openCast, tellStory } from "./publication-story.ts";
import { expectSameDocument, markDocument, openAs, openLive } from "./steps.ts";

test("S1.13 three people bring an article from an invitation to its publication: tasks, roles, members and invitations change live on the pages of those they concern, and a removed member loses them", async ({
  browser,
  ownerUrl,
}) => {
  test.slow();
  const cast = await openCast(browser);
  await tellStory(cast, ownerUrl);
  await cast.close();
});

test("a person without an account is led from the link of the invitation through sign-up to the publication", async ({
  browser,
}) => {
  const owner = await openAs(browser, "admin");
  const home = await foundPublication(owner, `Open door ${Date.now()}`);
  await openLive(owner, `${home}/invitations`);
  const email = `noor-${Date.now()}@example.org`;
  const link = await invite(owner, email, "Writer");

  const context = await browser.newContext({
    extraHTTPHeaders: { "x-forwarded-for": "203.0.113.251" },
  });
  const guest = await context.newPage();
  await guest.goto(link);
  await expect(guest.getByText(`The invitation is for ${email}.`)).toBeVisible();
  await guest.getByRole("link", { name: "Create account" }).click();
  await guest.getByLabel("Name").fill("Noor Haddix");
  await guest.getByLabel("Handle").fill(`noor${Date.now() % 1_000_000}`);
  await guest.getByLabel("E-mail").fill(email);
  await guest.getByLabel("Password").fill("a sentence about margins");
  await guest.getByRole("button", { name: "Create account" }).click();
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest).toHaveURL(new RegExp(`${home}$`));
  await expect(guest.getByRole("link", { name: "Work" })).toBeVisible();
  await expect(owner.getByText("Accepted")).toBeVisible();
  await context.close();
});

test("an invited person accepts and declines in the directory, by keyboard on 360 px, and sees invitations come and go without a reload", async ({
  browser,
}) => {
  const name = `Directory ${Date.now()}`;
  const owner = await openAs(browser, "admin");
  const home = await foundPublication(owner, name);
  await openLive(owner, `${home}/invitations`);

  const invited = await openAs(browser, "author");
  await invited.setViewportSize({ width: 360, height: 740 });
  await openLive(invited, "/publications");
  await markDocument(invited);
  const section = invited.getByRole("region", { name: "Your invitations" });
  const row = section.getByRole("listitem").filter({ hasText: name });
  await expect(row).toHaveCount(0);
  await invite(owner, "author@inkwell.example", "Reviewer");
  await expect(row).toContainText("invites you as Reviewer. Valid until ");
  await expect(section.getByRole("status")).toContainText("open invitation");

  await invited.getByRole("button", { name: `Decline invitation to ${name}` }).focus();
  await invited.keyboard.press("Enter");
  await expect(section.getByRole("status")).toHaveText(
    `You have declined the invitation to ${name}.`,
  );
  await expect(section.getByRole("heading")).toBeFocused();
  await expect(row).toHaveCount(0);
  await expect(owner.getByText("Declined")).toBeVisible();

  await invite(owner, "author@inkwell.example", "Writer");
  await expect(row).toBeVisible();
  await owner
    .getByRole("button", { name: "Revoke the invitation of author@inkwell.example" })
    .click();
  await owner.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toHaveCount(0);
  await expectSameDocument(invited);

  await openLive(invited, "/publications?show=yours");
  await markDocument(invited);
  await invite(owner, "author@inkwell.example", "Writer");
  await invited.getByRole("button", { name: `Accept invitation to ${name}` }).focus();
  await invited.keyboard.press("Enter");
  await expect(section.getByRole("status")).toContainText(`You are now a member of ${name}.`);
  const own = invited.getByRole("heading", { level: 2, name });
  await expect(own).toBeVisible();
  await expectSameDocument(invited);
  expect(await invited.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
    true,
  );
  await section.getByRole("link", { name: `Open ${name}` }).click();
  await expect(invited).toHaveURL(new RegExp(`${home}$`));
});

test("a person without an invitation reads in their list that there is none", async ({
  browser,
}) => {
  const owner = await openAs(browser, "admin");
  await openLive(owner, "/publications?show=yours");
  await expect(owner.getByText("You have no open invitations.")).toBeVisible();
  await openLive(owner, "/publications");
  await expect(owner.getByRole("heading", { name: "Your invitations" })).toHaveCount(0);
});
