import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../support/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAll,
} from "./steps.ts";

test("a reader sees who is replying, until the reply is sent, emptied or abandoned, and never sees their own name", async ({
  browser,
}) => {
  const { reader, author } = await openAll(browser, articlePath, "reader", "author");
  const said = `What of expression indexes? ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await commentWith(author, said)
    .getByRole("button", { name: /^Reply/ })
    .click();
  const field = author.getByRole("textbox", { name: /^Reply to / });
  await field.pressSequentially("They need");

  const line = commentWith(reader, said).locator("[data-repliers]");
  await expect(line).toHaveText(/ is replying…$/);
  const spoken = reader.locator("[aria-live=polite]", { hasText: "is replying" });
  await expect(spoken).toHaveText((await line.textContent()) ?? "");
  await expect(author.locator("[data-repliers]")).toHaveCount(0);

  await field.fill("");
  await expect(line).toHaveCount(0);
  // An abandoned reply ends by the age of its last message.
  await field.pressSequentially("Statistics");
  await expect(line).toBeVisible();
  await author.context().setOffline(true);
  await expect(line).toHaveCount(0, { timeout: 15_000 });
  await author.context().setOffline(false);

  await field.pressSequentially(" of their own");
  await expect(line).toBeVisible();
  await author.getByRole("button", { name: "Reply", exact: true }).click();
  await expect(reader.locator("[data-repliers]")).toHaveCount(0);
  await expectArrived(reader, "Statistics of their own");
});

test("an announcement of maintenance appears on open pages without a reload, is read by pages that load later, and is withdrawn", async ({
  browser,
}) => {
  const { reader, admin } = await openAll(browser, articlePath, "reader", "admin");
  await markDocument(reader);
  await admin.goto("/admin/announcements");
  const text = `Inkwell restarts at 14:00 UTC. ${Date.now()}`;
  await admin.getByRole("button", { name: "Announce maintenance" }).click();
  await expect(admin.getByText("Enter what readers should know.")).toBeVisible();
  await admin.getByLabel("Text").fill(text);
  await admin.getByRole("button", { name: "Announce maintenance" }).click();

  const banner = (page: Page) => page.getByRole("status", { name: "Announcement" });
  await expect(banner(reader)).toContainText(text);
  const visitor = await browser.newPage();
  await visitor.goto("/");
  await expect(banner(visitor)).toContainText(text);
  await reader.reload();
  await expect(banner(reader)).toContainText(text);
  await markDocument(reader);
  await reader.getByRole("button", { name: "Hide announcement" }).click();
  await expect(reader.getByText(text)).toHaveCount(0);

  await expectState(admin, "live");
  await admin.getByRole("button", { name: "Withdraw announcement" }).click();
  await expect(banner(admin)).toHaveText("");
  await expectSameDocument(reader);
  // The documents of signed-out visitors are kept for ten seconds.
  await expect(async () => {
    await visitor.reload();
    await expect(visitor.getByText(text)).toHaveCount(0, { timeout: 100 });
  }).toPass({ timeout: 30_000 });
  await admin.goto("/admin/audit");
  await expect(admin.getByText(`withdrew the announcement “${text}”`)).toBeVisible();
});

test("S4.8 a scheduled job repeats an announcement to open pages, which did not get it from the admin's action", async ({
  browser,
  ownerUrl,
}) => {
  test.setTimeout(150_000);
  const { reader } = await openAll(browser, articlePath, "reader");
  await markDocument(reader);
  const text = `The search is off. ${Date.now()}`;
  const sql = postgres(ownerUrl, { max: 1 });
  await sql`insert into announcements (text, ends_at) values (${text}, now() + interval '3 minutes')`;
  // The schedule has a run each minute.
  await expect(reader.getByText(text)).toBeVisible({ timeout: 90_000 });
  await expectSameDocument(reader);
  await sql`update announcements set withdrawn_at = now() where withdrawn_at is null`;
  await sql.end();
});
