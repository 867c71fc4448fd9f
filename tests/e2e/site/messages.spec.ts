import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
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
  openAs,
  openLive,
  runJob,
  signUp,
} from "../steps/steps.ts";

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

test("S4.8 an announcement ends on an open page at its time, without a read", async ({
  browser,
  ownerUrl,
}) => {
  const page = await openAs(browser, "reader");
  const sql = postgres(ownerUrl, { max: 1 });
  const text = `An hour of maintenance. ${Date.now()}`;
  await sql`insert into announcements (text, ends_at) values (${text}, now() + interval '1 hour')`;
  await page.clock.install();
  await openLive(page, articlePath);
  await expect(page.getByText(text)).toBeVisible();
  await markDocument(page);
  // For the server it is still in force.
  await page.clock.fastForward("01:00:05");
  await expect(page.getByText(text)).toHaveCount(0);
  await expectSameDocument(page);
  await sql`update announcements set withdrawn_at = now() where withdrawn_at is null`;
  await sql.end();
});

test("S4.8 an announcement whose message is not repeated is read again after its TTL, and ends when it was withdrawn", async ({
  browser,
  ownerUrl,
}) => {
  const page = await openAs(browser, "reader");
  const sql = postgres(ownerUrl, { max: 1 });
  await page.clock.install();
  await openLive(page, articlePath);
  await markDocument(page);
  const text = `The search is slow. ${Date.now()}`;
  await sql`insert into announcements (text, ends_at) values (${text}, now() + interval '1 hour')`;
  const isRead = page.waitForResponse(/\/api\/announcement$/);
  await runJob(page.request, "repeat-announcements");
  await expect(page.getByText(text)).toBeVisible();
  await (await isRead).finished();
  // By another writer of the database, which sends no message.
  await sql`update announcements set withdrawn_at = now() where withdrawn_at is null`;
  await sql.end();
  await page.clock.fastForward(100_000);
  await expect(page.getByText(text)).toBeVisible();
  await page.clock.fastForward(60_000);
  await expect(page.getByText(text)).toHaveCount(0);
  await expectSameDocument(page);
});

test("S4.8 a preview in another tab shows each save of the editor without a reload, and is the author's own", async ({
  browser,
}) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/write");
  await author.getByLabel("Title").fill(`On previews ${Date.now()}`);
  await author.getByLabel("Text", { exact: true }).fill("The first wording.");
  const link = author.getByRole("link", { name: /^Open preview/ });
  await expect(link).toBeVisible({ timeout: 15_000 });
  const opening = author.context().waitForEvent("page");
  await link.click();
  const preview = await opening;
  await expect(preview.getByText("The first wording.")).toBeVisible();
  await expectState(preview, "live");
  await markDocument(preview);

  await author.getByLabel("Text", { exact: true }).fill("A **better** wording.");
  await expect(preview.locator("strong", { hasText: "better" })).toBeVisible();
  await expectSameDocument(preview);
  const admin = await openAs(browser, "admin");
  expect((await admin.goto(preview.url()))?.status()).toBe(404);
});

test("the daily report of an author is announced on their open page, and is on their dashboard", async ({
  browser,
  request,
}) => {
  const { author, reader } = await openAll(browser, articlePath, "author", "reader");
  await runJob(request, "write-daily-reports");
  const toast = author.getByRole("status", { name: "Daily report" });
  await expect(toast).toContainText(/^Your report of \d+ \w+ is ready\./);
  await toast.getByRole("link", { name: "Open report" }).click();
  await expect(author.getByText(/Report of \d+ \w+:/)).toBeVisible();
  await expect(toast).toHaveText("");
  await expect(reader.getByRole("status", { name: "Daily report" })).toHaveCount(0);
});

test("admins see acts of admins and sign-ups as they happen, and those of before when they open the page", async ({
  browser,
}) => {
  const admin = await openAs(browser, "admin");
  await openLive(admin, "/admin/activity");
  const other = await openAs(browser, "admin");
  await other.goto("/admin/announcements");
  await other.getByLabel("Text").fill("A short pause.");
  await other.getByRole("button", { name: "Announce maintenance" }).click();
  const list = admin.getByRole("list", { name: "Activity" });
  await expect(list.getByText("announcement.made").first()).toBeVisible();
  await other.getByRole("button", { name: "Withdraw announcement" }).click();
  await expect(list.getByText("announcement.withdrawn").first()).toBeVisible();
  const { handle } = await signUp(browser, articlePath);
  const joined = list.getByRole("listitem").filter({ hasText: `@${handle}` });
  await expect(joined).toContainText("signed up");
  const acts = await list.getByRole("listitem").count();
  await admin.reload();
  await expect(list.getByRole("listitem")).toHaveCount(acts);
  await expect(joined).toBeVisible();
  await expect(list).not.toContainText(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  await list
    .getByRole("link", { name: "View audit entry of announcement.withdrawn" })
    .first()
    .click();
  await expect(admin.getByText("withdrew the announcement “A short pause.”")).toBeVisible();
});
