import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  expectSameDocument,
  markDocument,
  openAs,
  openLive,
  signUp,
  unreadCount,
} from "../steps/steps.ts";
import {
  expectReason,
  foundPublication,
  invite,
  openCast,
  submitDraft,
} from "./publication-steps.ts";
import { tellStory } from "./publication-story.ts";

test("S1.13 S1.14 three people bring articles from an invitation to their publication: tasks, progress, roles, members and invitations change live on the pages of those they concern, the pages of another publication read nothing, and a removed member loses them", async ({
  browser,
  ownerUrl,
}) => {
  test.setTimeout(400_000);
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

test("an account by sign-up is invited, and reads in the directory that its link is needed; the link lets it accept", async ({
  browser,
}) => {
  const owner = await openAs(browser, "admin");
  const name = `Open letter ${Date.now()}`;
  const home = await foundPublication(owner, name);
  await openLive(owner, `${home}/invitations`);
  const { page: invited, email } = await signUp(browser, "/publications");
  const link = await invite(owner, email, "Writer");
  await openLive(invited, "/publications");
  const row = invited
    .getByRole("region", { name: "Your invitations" })
    .getByRole("listitem")
    .filter({ hasText: name });
  await expect(row).toContainText("To answer, open the link that was sent to your e-mail address.");
  await expect(row.getByRole("button")).toHaveCount(0);
  await invited.goto(link);
  await invited.getByRole("button", { name: "Accept invitation" }).click();
  await expect(invited).toHaveURL(new RegExp(`${home}$`));
  await invited.context().close();
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

test("the list of a person without an invitation states that it is empty", async ({ browser }) => {
  const owner = await openAs(browser, "admin");
  await openLive(owner, "/publications?show=yours");
  await expect(owner.getByText("You have no open invitations.")).toBeVisible();
  await openLive(owner, "/publications");
  await expect(owner.getByRole("heading", { name: "Your invitations" })).toHaveCount(0);
});

test("an owner types the name to delete a publication; the open pages of members and readers leave it and give the reason, and the invitation leaves the bell", async ({
  browser,
  ownerUrl,
}) => {
  test.slow();
  const name = `Passing ${Date.now()}`;
  const owner = await openAs(browser, "admin");
  const writer = await openAs(browser, "author");
  const reader = await openAs(browser, "reader");
  const home = await foundPublication(owner, name);
  await openLive(owner, `${home}/invitations`);
  await openLive(writer, "/publications?show=yours");
  await invite(owner, "author@inkwell.example", "Writer");
  await writer.getByRole("button", { name: `Accept invitation to ${name}` }).click();
  await expect(writer.getByRole("heading", { level: 2, name })).toBeVisible();
  const list = await writer.context().newPage();
  await openLive(list, "/publications?show=yours");
  const submission = await writer.context().newPage();
  await submitDraft(submission, home, ownerUrl);
  await openLive(writer, `${home}/members`);
  await openLive(reader, home);
  const bell = await reader.context().newPage();
  await openLive(bell, "/notifications");
  const before = await unreadCount(bell);
  await invite(owner, "reader@inkwell.example", "Reviewer");
  await expect.poll(() => unreadCount(bell)).toBe(before + 1);
  for (const page of [writer, reader, list, bell]) await markDocument(page);

  await openLive(owner, `${home}/settings`);
  await expect(owner.getByText("the team of 2 members")).toBeVisible();
  await owner.getByRole("button", { name: "Delete publication" }).click();
  const dialog = owner.getByRole("alertdialog");
  await dialog.getByLabel(`Type “${name}” to confirm`).fill("Passing");
  await dialog.getByRole("button", { name: "Delete publication" }).click();
  await expect(dialog.getByText(`Enter the name as it is written: ${name}.`)).toBeVisible();
  await dialog.getByLabel(`Type “${name}” to confirm`).fill(name);
  await dialog.getByRole("button", { name: "Delete publication" }).click();
  await expect(owner).toHaveURL(/\/publications\?show=yours$/);
  await expect(owner.getByRole("heading", { level: 2, name })).toHaveCount(0);

  for (const page of [writer, reader]) {
    await expect(
      page.getByRole("heading", { level: 1, name: `${name} was deleted` }),
    ).toBeVisible();
  }
  await expectReason(submission, `${name} was deleted`);
  await expect(writer.getByRole("link", { name: "Maren Tollvik" })).toHaveCount(0);
  await expect(list.getByRole("heading", { level: 2, name })).toHaveCount(0);
  await expect.poll(() => unreadCount(bell)).toBe(before);
  await expect(bell.getByRole("link", { name })).toHaveCount(0);
  for (const page of [writer, reader, list, bell]) await expectSameDocument(page);
  expect((await writer.goto(home))?.status()).toBe(404);
});

test("a publication with evidence cannot be deleted, and its settings give the reason", async ({
  browser,
}) => {
  const owner = await openAs(browser, "admin");
  await openLive(owner, "/publications/the-margin/settings");
  await expect(
    owner.getByText(/^This publication cannot be deleted: its evidence log has/),
  ).toBeVisible();
  await expect(owner.getByRole("button", { name: "Delete publication" })).toHaveCount(0);
});
