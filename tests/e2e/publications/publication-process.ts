import { expect } from "@playwright/test";
import postgres from "postgres";
import { expectSameDocument, markDocument, openLive, runJob, unreadCount } from "../steps/steps.ts";
import {
  beside,
  type Cast,
  pathOf,
  progressOf,
  stateOf,
  step,
  submitDraft,
  tasksOf,
} from "./publication-steps.ts";

/** A submission, its tasks and progress, and the way to the published article. */
export async function tellProcess(
  { owner, writer, reviewer }: Cast,
  home: string,
  ownerUrl: string,
) {
  await openLive(reviewer, `${home}/work?show=roles`);
  await markDocument(reviewer);
  await expect(reviewer.getByRole("link", { name: "For your roles (0)" })).toBeVisible();
  const before = await unreadCount(reviewer);
  const title = await submitDraft(writer, home, ownerUrl);
  await expect(progressOf(writer)).toContainText("Submitted");
  const work = await beside(writer, `${home}/work?show=all`);
  const mine = await beside(reviewer, `${home}/work?show=mine`);

  // The task of the role reaches the work list and the bell.
  await expect(reviewer.getByRole("link", { name: "For your roles (1)" })).toBeVisible();
  await expect.poll(() => unreadCount(reviewer)).toBe(before + 1);
  await reviewer.getByRole("button", { name: `Take: Review ${title}` }).click();
  await expect(reviewer.getByRole("link", { name: "Yours (1)" })).toBeVisible();
  await expect(tasksOf(mine).getByRole("link", { name: title })).toBeVisible();
  await expect(writer.getByText("Review: Pim Ketteridge")).toBeVisible();
  // The writer is not of the desk.
  await expect(tasksOf(work).getByText("Pim Ketteridge")).toBeVisible();
  await expectSameDocument(reviewer);
  await reviewer
    .getByRole("list", { name: "Submissions" })
    .getByRole("link", { name: title })
    .click();
  await step(reviewer, "Start review");
  for (const page of [writer, reviewer]) {
    await expect(stateOf(page)).toHaveText("In review");
    await expect(progressOf(page)).toContainText("Review");
    // Rendered by the server: the hook refreshes the page.
    await expect(page).toHaveTitle(/^(\(\d+\+?\) )?In review: /);
  }
  await reviewer.getByLabel("Note").fill("Please make it shorter.");
  await step(reviewer, "Request changes");
  await expect(stateOf(writer)).toHaveText("Changes requested");
  await expect(writer.getByText("Please make it shorter.")).toBeVisible();
  await expect(writer.getByText("Revise: you")).toBeVisible();
  // The completed task leaves the open work list.
  await expect(mine.getByRole("link", { name: "Yours (0)" })).toBeVisible();
  await expect(tasksOf(mine).getByRole("link", { name: title })).toHaveCount(0);
  await step(writer, "Submit again");
  await expect(stateOf(reviewer)).toHaveText("Resubmitted");
  await expect(progressOf(reviewer)).toContainText("Submitted");
  await step(reviewer, "Start review");
  await expect(stateOf(reviewer)).toHaveText("In review");
  await expect(reviewer.getByRole("button", { name: "Approve article" })).toHaveCount(0);

  await openLive(owner, `${home}/work?show=roles`);
  await tasksOf(owner).getByRole("link", { name: title }).first().click();
  await step(owner, "Approve article");
  await expect(stateOf(writer)).toHaveText("Approved");
  await expect(progressOf(writer)).toContainText("Approved");
  const list = await beside(writer, home);
  await expect(list.getByText("No articles yet")).toBeVisible();
  await step(owner, "Publish now");
  for (const page of [writer, reviewer]) {
    await expect(stateOf(page)).toHaveText("Published");
    await expect(progressOf(page)).toHaveCount(0);
  }
  await expect(list.getByRole("link", { name: title })).toBeVisible();
  for (const page of [list, work, mine, writer]) await expectSameDocument(page);
  for (const page of [list, work, mine]) await page.close();
}

/** An article is scheduled, and published by the job when it is due. The author is notified. */
export async function tellSchedule(
  { owner, writer, reviewer }: Cast,
  home: string,
  ownerUrl: string,
  title: string,
  signingKey: string | null,
) {
  const path = pathOf(writer);
  await openLive(reviewer, path);
  await markDocument(reviewer);
  await step(reviewer, "Start review");
  await expect(stateOf(writer)).toHaveText("In review");
  await openLive(owner, path);
  await markDocument(owner);
  await step(owner, "Approve article");
  await expect(stateOf(owner)).toHaveText("Approved");
  await owner.getByLabel("Day and time").fill("2099-01-01T09:00");
  await step(owner, "Schedule");
  for (const page of [owner, writer, reviewer]) {
    await expect(stateOf(page)).toHaveText("Scheduled");
    await expect(progressOf(page)).toContainText("Approved");
  }
  const list = await beside(reviewer, home);
  const before = await unreadCount(writer);
  await makeDue(ownerUrl, path);
  await runJob(owner.request, "publish-due-submissions", { signingKey });
  for (const page of [owner, writer, reviewer]) {
    await expect(stateOf(page)).toHaveText("Published");
    await expect(page).toHaveTitle(/^(\(\d+\+?\) )?Published: /);
  }
  await expect(list.getByRole("link", { name: title })).toBeVisible();
  await expect.poll(() => unreadCount(writer)).toBe(before + 1);
  for (const page of [owner, writer, reviewer, list]) await expectSameDocument(page);
  await list.close();
}

/** Moves the time of a scheduled submission to now, which no step of the process does. */
async function makeDue(ownerUrl: string, path: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (tx) => {
      await tx`alter table submissions disable trigger user`;
      await tx`update submissions set scheduled_for = now() where id = ${path.split("/").at(-1) ?? ""}`;
      await tx`alter table submissions enable trigger user`;
    });
  } finally {
    await sql.end();
  }
}
