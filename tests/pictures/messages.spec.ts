import { expect } from "@playwright/test";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectState,
  expectWritten,
  openAs,
  runJob,
} from "../e2e/steps/steps.ts";
import { test } from "../support/browser/e2e.ts";
import { createOwnerWriter } from "../support/browser/write-as-owner.ts";
import { makeZip } from "../support/hostile/make-zip.ts";
import { open, takeLight } from "./pictures.ts";

/** Pictures of what messages of ephemeral channels show. */

const height = 560;

test("screenshots of a reply that is being written, and of a daily report", async ({
  browser,
  request,
}) => {
  const reader = await open(browser, "reader", articlePath);
  const author = await open(browser, "author", articlePath);
  const said = "Does the planner use it for expressions, too?";
  await expectWritten(await comment(reader, said));
  await expectArrived(author, said);
  await commentWith(author, said)
    .getByRole("button", { name: /^Reply/ })
    .click();
  await author.getByRole("textbox", { name: /^Reply to / }).pressSequentially("Only if");
  await expect(commentWith(reader, said).locator("[data-repliers]")).toBeVisible();
  await reader.setViewportSize({ width: 1280, height });
  await commentWith(reader, said).evaluate((each) => each.scrollIntoView({ block: "center" }));
  await takeLight(reader, "replying", { height });
  await author.close();

  const home = await open(browser, "author", "/");
  await runJob(request, "write-daily-reports");
  await expect(home.getByRole("status", { name: "Daily report" })).toContainText("is ready");
  await takeLight(home, "daily-report", { height });
});

test("screenshots of an announcement and of the activity of admins", async ({ browser }) => {
  const reader = await open(browser, "reader", "/");
  const activity = await open(browser, "admin", "/admin/activity");
  const admin = await openAs(browser, "admin");
  await admin.goto("/admin/announcements");
  const announce = admin.getByRole("button", { name: "Announce maintenance" });
  const withdraw = admin.getByRole("button", { name: "Withdraw announcement" });
  await admin.getByLabel("Text").fill("The search is off for some minutes.");
  await announce.click();
  await withdraw.click();
  await admin.getByLabel("Text").fill("Inkwell restarts at 14:00 UTC. Drafts are saved.");
  await announce.click();
  await expect(reader.getByRole("status", { name: "Announcement" })).toContainText("14:00");
  await takeLight(reader, "announcement", { height, isNarrow: true });
  const list = activity.getByRole("list", { name: "Activity" });
  await withdraw.click();
  await expect(list.getByRole("listitem")).toHaveCount(4);
  await expect(activity.getByRole("status", { name: "Announcement" })).toHaveText("");
  await takeLight(activity, "admin-activity", { height });
});

test("screenshots of the progress and the result of an import", async ({ browser, ownerUrl }) => {
  const author = await open(browser, "author", "/write/import");
  const { sql, close } = createOwnerWriter(ownerUrl);
  const titles = ["A migration", "On vacuum", "Two clocks", "The long lock", "A small table"];
  const files = titles.flatMap((title, index) =>
    Array.from({ length: 8 }, (_, part) => ({
      name: `blog/${title.toLowerCase().replaceAll(" ", "-")}-${part + 1}.md`,
      body: index === 0 && part === 2 ? "" : `# ${title}, part ${part + 1}\n\nText`,
    })),
  );
  await author.getByLabel("Markdown files or a .zip archive").setInputFiles({
    name: "blog.zip",
    mimeType: "application/zip",
    buffer: makeZip(files),
  });
  await author.getByRole("button", { name: "Import drafts" }).click();
  await author.waitForURL(/\/write\/import\/[\w-]+$/);
  const done = async () =>
    Number(await author.getByRole("progressbar").getAttribute("aria-valuenow"));
  await expect.poll(done, { intervals: [50] }).toBeGreaterThan(8);
  // The job waits for the lock, so that the bar stands still.
  await sql.begin(async (tx) => {
    await tx`lock table articles in exclusive mode`;
    // The page reads the list every few seconds.
    await expect(author.getByRole("listitem").filter({ hasText: "Draft" })).not.toHaveCount(0);
    await takeLight(author, "import-progress", { height });
  });
  await expect(author.getByText(/^Finished: /)).toBeVisible({ timeout: 60_000 });
  await takeLight(author, "import-result", { height, isNarrow: true });
  await close();
});

test("screenshots of an editor and its preview", async ({ browser }) => {
  const author = await open(browser, "author", "/write");
  await author.getByLabel("Title").fill("What a lock costs");
  await author.getByLabel("Text", { exact: true }).fill("The first wording.");
  const link = author.getByRole("link", { name: /^Open preview/ });
  await expect(link).toBeVisible({ timeout: 15_000 });
  const opening = author.context().waitForEvent("page");
  await link.click();
  const preview = await opening;
  await preview.emulateMedia({ reducedMotion: "reduce" });
  await expectState(preview, "live");
  await author
    .getByLabel("Text", { exact: true })
    .fill(
      "A lock costs **nothing** until two writers want the same row.\n\nThen it costs a queue.",
    );
  await expect(preview.locator("strong", { hasText: "nothing" })).toBeVisible();
  await takeLight(preview, "preview", { height });
});
