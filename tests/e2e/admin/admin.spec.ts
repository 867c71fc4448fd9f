import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import {
  articlePath,
  comment,
  expectWritten,
  openAs,
  openLive,
  runScheduled,
} from "../steps/steps.ts";

/** The folders of `app` below a folder that have such a file, with a slash before. */
function foldersWith(file: string, folder: string): readonly string[] {
  const app = join(import.meta.dirname, "..", "..", "..", "app");
  return readdirSync(join(app, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === file)
    .map(({ parentPath }) => `/${relative(app, parentPath)}`);
}

/** Routes check their input before the role, so these get valid input. */
const inputs: Readonly<Record<string, string>> = {
  "/api/admin/access": "?person=maren&channel=site",
  "/api/admin/access/subscribers": "?channel=site",
  "/api/admin/audit/export": "?format=csv",
  "/api/admin/signals/trace": "?place=1/1",
};

test("every page of the console is a 404 and every route of it a refusal, for an author and without an account", async ({
  browser,
}) => {
  const [pages, routes] = [foldersWith("page.tsx", "admin"), foldersWith("route.ts", "api/admin")];
  expect(pages.length).toBeGreaterThan(9);
  expect(routes.length).toBeGreaterThan(13);
  const author = await openAs(browser, "author");
  const nobody = await browser.newContext();
  for (const { request } of [author, nobody]) {
    for (const path of pages) expect((await request.get(path)).status(), path).toBe(404);
    for (const path of routes) {
      const answer = await request.get(`${path}${inputs[path] ?? ""}`);
      expect([401, 403], path).toContain(answer.status());
    }
  }
});

test("the console shows signals as they are committed, and each can be traced to the broker", async ({
  browser,
}) => {
  const admin = await openAs(browser, "admin");
  await admin.goto("/admin/signals?name=comment.created");
  await expect(admin.getByText("New signals appear as they are committed.")).toBeVisible();
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  const said = `Followed from commit to delivery ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  const rows = admin.getByRole("row").filter({ hasText: "comment.created" });
  await expect(rows.first()).toBeVisible();
  await expect(admin.getByText(said)).toHaveCount(0); // names and ids, no content
  await rows.first().getByRole("link", { name: "View trace" }).click();
  await expect(admin.getByText("Accepted by the broker")).toBeVisible();
  await expect(admin.getByText(/^Request or job:/)).toBeVisible();
});

test("rows without a signal are listed while there are any, and an error is shown when they cannot be read", async ({
  browser,
  ownerUrl,
}) => {
  const { sql, close } = createOwnerWriter(ownerUrl);
  const clear = () => sql`delete from querycast.skipped_captures`;
  await clear();
  const reader = await openAs(browser, "reader");
  await reader.goto("/gists");
  await reader.locator("main article a, main li a").first().click();
  await expectWritten(await comment(reader, `A comment on no article ${Date.now()}`));

  const admin = await openAs(browser, "admin");
  const section = admin.locator("section").filter({ hasText: "Rows without a signal" });
  const openSignals = async (status: number) => {
    const answer = admin.waitForResponse("**/api/admin/signals/skipped");
    await admin.goto("/admin/signals");
    expect((await answer).status()).toBe(status);
    await expect(admin.getByText("Relay healthy")).toBeVisible();
  };
  await openSignals(200);
  const rows = section.getByRole("table", { name: "Rows without a signal" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(/comments\s*article\.discussed\s*1/);
  await expect(section.getByText(/^These rows name no channel/)).toBeVisible();

  await clear();
  await openSignals(200);
  await expect(section).toHaveCount(0);

  await sql`revoke select on querycast.skipped_captures from app_relay`;
  try {
    await openSignals(500);
    await expect(section.getByRole("alert")).toHaveText(
      "The server failed. Try again in a moment.",
    );
    await expect(section.getByRole("table")).toHaveCount(0);
  } finally {
    await sql`grant select on querycast.skipped_captures to app_relay`;
    await close();
  }
});

test("an admin can preview the change of a phase, switch it off and on, and find it in the audit log", async ({
  browser,
}) => {
  const admin = await openAs(browser, "admin");
  await openLive(admin, "/admin/channels");
  const row = admin.getByRole("row").filter({ hasText: "phase 4" });
  const sheet = admin.getByRole("dialog", { name: "Edit phase 4" });
  const toggle = row.getByRole("switch", { name: "Live updates of phase 4" });
  await expect(toggle).toBeChecked();
  await toggle.click();
  await expect(sheet.getByRole("status")).toHaveText(/live updates/);
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  await expect(admin.getByText("Saved phase 4.")).toBeVisible();
  await expect(toggle).not.toBeChecked();
  await expect(toggle).toBeFocused();
  await expect(row.getByText("(default)")).toHaveCount(0);
  await row.getByRole("button", { name: "Edit phase 4" }).click();
  await sheet.getByLabel("Rollout").selectOption("start");
  await sheet.getByRole("button", { name: "Preview change" }).click();
  await expect(sheet.getByRole("status")).toHaveText(/live updates/);
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(row.getByText("(default)")).toBeVisible();
  await expect(toggle).toBeChecked();

  await admin.goto("/admin/audit?action=phase.changed&subject=phase+4");
  await expect(admin.getByRole("row").filter({ hasText: "phase.changed" })).toHaveCount(2);
  const download = admin.waitForEvent("download");
  await admin.getByRole("link", { name: "Export as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("audit.csv");
});

test("limits of a kind can be set by keyboard on a narrow screen, and an error is shown beside its field without loss of input", async ({
  browser,
}) => {
  const admin = await openAs(browser, "admin");
  await admin.setViewportSize({ width: 360, height: 800 });
  await openLive(admin, "/admin/channels");
  const row = admin.getByRole("row").filter({ hasText: "tag.{tagId}" });
  const edit = row.getByRole("button", { name: "Edit tag" });
  const sheet = admin.getByRole("dialog", { name: "Edit tag" });
  const frames = sheet.getByLabel("Max messages per second");
  const replayed = sheet.getByLabel("Max signals replayed");
  await edit.focus();
  await admin.keyboard.press("Enter");
  await expect(frames).toHaveAccessibleDescription(/1 to 40/);
  await frames.focus();
  await admin.keyboard.type("41");
  await admin.keyboard.press("Tab");
  await expect(replayed).toBeFocused();
  await admin.keyboard.type("many");
  await admin.keyboard.press("Enter");
  await expect(frames).toHaveAccessibleDescription(
    "Enter a whole number from 1 to 40, or leave it empty.",
  );
  await expect(replayed).toHaveAccessibleDescription(
    "Enter a whole number from 0 to 500, or leave it empty.",
  );
  await expect(frames).toHaveValue("41");
  await expect(replayed).toHaveValue("many");
  await frames.fill("5");
  await replayed.fill("100");
  await replayed.press("Enter");
  await expect(sheet.getByRole("status")).toHaveText(/live updates/);
  const widths = () => [document.documentElement.scrollWidth, window.innerWidth] as const;
  const [content, screen] = await admin.evaluate(widths);
  expect(content).toBeLessThanOrEqual(screen);
  await replayed.press("Enter");
  await expect(sheet).toHaveCount(0);
  await expect(row.getByText("At most 5 messages per second, 100 signals replayed")).toBeVisible();
  await expect(edit).toBeFocused();
  // The stage was not changed.
  await expect(row.getByText("(default)")).toBeVisible();

  await admin.reload();
  await edit.click();
  await expect(frames).toHaveValue("5");
  await frames.fill("");
  await replayed.fill("");
  await replayed.press("Enter");
  await expect(sheet.getByRole("status")).toHaveText(/live updates/);
  await replayed.press("Enter");
  await expect(row.getByText("At most")).toHaveCount(0);
  await admin.goto("/admin/audit?action=channel.changed&subject=tag");
  await expect(admin.getByRole("row").filter({ hasText: "framesPerSecond" })).toHaveCount(2);
});

test("a preview is updated after another admin has saved, and one's own edits stay", async ({
  browser,
}) => {
  const [one, other] = [await openAs(browser, "admin"), await openAs(browser, "admin")];
  const edit = async (page: Page) => {
    await page.getByRole("button", { name: "Edit profile" }).click();
    return page.getByRole("dialog", { name: "Edit profile" });
  };
  const change = async (sheet: Locator, field: string, value: string) => {
    const input = sheet.getByLabel(field);
    await input.fill(value);
    await input.press("Enter");
    await expect(sheet.getByRole("status")).toHaveText(/live updates/);
  };
  const save = async (sheet: Locator) => {
    await sheet.getByRole("button", { name: "Save" }).click();
    await expect(sheet).toHaveCount(0);
  };
  await openLive(one, "/admin/channels");
  await openLive(other, "/admin/channels");
  const [mine, theirs] = [await edit(one), await edit(other)];
  await change(mine, "Max messages per second", "7");
  await change(theirs, "Max signals replayed", "90");
  await save(theirs);

  await expect(mine.getByLabel("Max signals replayed")).toHaveValue("90");
  await expect(mine.getByLabel("Max messages per second")).toHaveValue("7");
  await expect(mine.getByRole("status")).toHaveText("");
  await change(mine, "Max messages per second", "7");
  await save(mine);
  const row = one.getByRole("row").filter({ hasText: "profile.{userId}" });
  await expect(row.getByText("At most 7 messages per second, 90 signals replayed")).toBeVisible();

  await edit(one);
  await mine.getByLabel("Max signals replayed").fill("");
  await change(mine, "Max messages per second", "");
  await save(mine);
  await expect(row.getByText("At most")).toHaveCount(0);
});

test("access to a channel can be checked with reasons, and members of a channel are listed until they leave", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  await expectWritten(await comment(reader, `Joined, and gone ${Date.now()}`));
  const admin = await openAs(browser, "admin");
  await admin.goto("/admin/signals?channel=resource.article.*");
  await admin
    .getByRole("link", { name: /^Check access to / })
    .first()
    .click();
  await expect(admin.getByRole("heading", { name: "Check access" })).toBeVisible();
  const people = admin.getByRole("table", { name: "People on the channel" });
  await expect(people.getByRole("link", { name: "@pim" })).toBeVisible();
  await admin.getByLabel("Person").fill("@pim");
  await admin.getByRole("button", { name: "Show" }).click();
  await expect(admin.getByText("Access allowed: live updates are delivered.")).toBeVisible();
  await expect(admin.getByText("articles_read on articles")).toBeVisible();
  // The channel is shown by its article's title, without ids.
  await expect(admin.locator("main")).not.toContainText(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  await reader.close();
  await expect(async () => {
    await admin.reload();
    const gone = admin.getByText(/^0 sockets subscribed .* No person who joined/);
    await expect(gone).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(people).toHaveCount(0);

  await admin.goto("/admin/access?channel=tag.nonsense&person=pim");
  await expect(admin.getByText(/^Unknown channel "tag.nonsense"/)).toBeVisible();
  await admin.goto("/admin/access?channel=site&person=nobody-at-all");
  await expect(admin.getByText("No person has the handle @nobody-at-all.")).toBeVisible();
  await admin.goto("/admin/signals/trace?place=1/1");
  await expect(admin.getByText(/^This signal is not in the log/)).toBeVisible();
  await admin.goto("/admin/signals/trace?place=nonsense");
  await expect(admin.getByText(/^No signal is at this place/)).toBeVisible();
  await admin.goto("/admin/audit?actor=nobody-at-all");
  await expect(admin.getByText("No person has the handle @nobody-at-all.")).toBeVisible();
  await admin.goto("/admin/people?only=nonsense");
  await expect(admin.getByText(/^Unknown filter/)).toBeVisible();
});

test("signals of publications are shown by titles without ids, and a long list of rows is folded", async ({
  browser,
  baseURL,
}) => {
  await runScheduled(baseURL, "ingest-feeds");
  const admin = await openAs(browser, "admin");
  await openLive(admin, "/admin/signals?channel=figures.*");
  const row = admin.getByRole("row").filter({ hasText: "Public figures of The Margin" }).first();
  await expect(row).toContainText("OBS-0010");
  await expect(row.getByText("OBS-0020")).toBeHidden();
  await row.getByText(/^\d+ more$/).click();
  await expect(row.getByText("OBS-0020")).toBeVisible();
  for (const kind of ["figures", "publication", "user"]) {
    await openLive(admin, `/admin/signals?channel=${kind}.*`);
    await expect(admin.getByRole("table", { name: "Signals" })).not.toContainText(
      /[0-9a-f]{8}-[0-9a-f]{4}-/,
    );
  }
});

test("the id behind a name can be copied by keyboard", async ({ browser }) => {
  const admin = await openAs(browser, "admin");
  await admin.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openLive(admin, "/admin/signals?channel=user.*");
  const copy = admin
    .getByRole("button", { name: /^Copy the name of the channel Own channel of @/ })
    .first();
  // The list is live: this button may not stay the first one.
  const button = await copy.elementHandle();
  await button?.focus();
  await admin.keyboard.press("Enter");
  await expect(admin.getByText("Copied.")).toBeAttached();
  const copied = await admin.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^user\.[0-9a-f-]{36}$/);
});
