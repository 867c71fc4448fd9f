import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import { foundPublication, invite, openCast, tellStory } from "./publication-story.ts";
import { openAs, openLive } from "./steps.ts";

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
