import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { startAgain, test } from "../steps/own-site.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openLive,
  signIn,
} from "../steps/steps.ts";

test.use({ siteName: "restart" });

async function openAdmin(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: await signIn(browser, "admin") });
  return context.newPage();
}

async function announce(page: Page, text: string): Promise<void> {
  await page.goto("/admin/announcements");
  await page.getByLabel("Text").fill(text);
  await page.getByRole("button", { name: "Announce maintenance" }).click();
  await expect(page.getByRole("button", { name: "Withdraw announcement" })).toBeVisible();
}

const acts = (page: Page) => page.getByRole("list", { name: "Activity" }).getByRole("listitem");
/** Errors of components, and messages that interrupt a reader. */
const errors = (page: Page) =>
  page.getByRole("alert").filter({ hasText: /\S/ }).or(page.getByText("could not be loaded"));

test("a Postgres that is killed is started again by the site, and comments are saved and arrive live", async ({
  author,
  reader,
  folder,
}) => {
  test.slow();
  const page = await reader.newPage();
  await openLive(page, articlePath);
  await openLive(author, articlePath);
  const databasePid = async () => {
    const lock = await readFile(join(folder, "postgres", "postmaster.pid"), "utf8").catch(() => "");
    return Number(lock.split("\n")[0]);
  };
  const killed = await databasePid();
  expect(killed).toBeGreaterThan(0);
  process.kill(killed, "SIGKILL");
  await expect
    .poll(async () => ![0, killed].includes(await databasePid()), { timeout: 60_000 })
    .toBe(true);
  await expect
    .poll(async () => (await page.request.get("/api/health/ready")).status(), { timeout: 60_000 })
    .toBe(200);
  const said = `After the database has started again ${Date.now()}`;
  await expectWritten(await comment(author, said));
  await expectState(page, "live", 60_000);
  await expectArrived(page, said);
});

test("S4.9 after the site has ended and started again on its port, pages replay no message and show no error, and work by fetching", async ({
  browser,
  author,
  reader,
  folder,
  site,
}) => {
  test.setTimeout(180_000);
  const admin = await openAdmin(browser);
  const console = await admin.context().newPage();
  const page = await reader.newPage();
  const thrown: string[] = [];
  for (const each of [console, page, author]) {
    each.on("pageerror", ({ message }) => thrown.push(message));
  }
  await openLive(console, "/admin/activity");
  await openLive(page, articlePath);
  await openLive(author, articlePath);
  const text = `Inkwell restarts now. ${Date.now()}`;
  await announce(admin, text);
  const banner = page.getByRole("status", { name: "Announcement" });
  await expect(banner).toContainText(text);
  await expect(acts(console)).toHaveCount(1);
  const second = await admin.context().newPage();
  await openLive(second, "/admin/activity");
  await expect(acts(second)).toHaveCount(1); // replayed by this process
  for (const each of [console, page, author]) await markDocument(each);

  await site.stop();
  for (const each of [console, page, author]) {
    await expectState(each, "degraded");
    await expect(errors(each)).toHaveCount(0);
  }
  const again = await startAgain(site, folder);
  try {
    for (const each of [console, page, author]) {
      await expectState(each, "live", 60_000);
      await expect(errors(each)).toHaveCount(0);
    }
    // What was shown stays, once. A page that opens now gets nothing from the former process.
    await expect(acts(console)).toHaveCount(1);
    await openLive(second, "/admin/activity");
    await expect(second.getByText("No activity in memory")).toBeVisible();
    // The announcement has a table behind it, which the page reads.
    await page.reload();
    await expect(banner).toContainText(text);
    await openLive(page, articlePath);
    const said = `After the restart ${Date.now()}`;
    await expectWritten(await comment(author, said));
    await expectArrived(page, said);
    await author.reload();
    await expect(commentWith(author, said)).toBeVisible();

    await admin.goto("/admin/announcements");
    await admin.getByRole("button", { name: "Withdraw announcement" }).click();
    await expect(acts(second).getByText("announcement.withdrawn", { exact: true })).toHaveCount(1);
    await expect(acts(console).getByText("announcement.withdrawn", { exact: true })).toHaveCount(1);
    await expect(acts(console)).toHaveCount(2);
    await expect(banner).toHaveText("");
    await expectSameDocument(console);
    expect(thrown).toEqual([]);
  } finally {
    await again.stop();
  }
});
