import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import postgres from "postgres";
import {
  expectSameDocument,
  markDocument,
  openLive,
  runJob,
  signIn,
  signUp,
  unreadCount,
  untilQuiet,
} from "./steps.ts";

/**
 * The people of the story, each in a browser of their own: the owner, the writer, the reviewer, and a person whom it
 * does not concern.
 */
export interface Cast {
  readonly owner: Page;
  readonly writer: Page;
  readonly reviewer: Page;
  /** A member of another publication. */
  readonly outsider: Page;
  readonly close: () => Promise<void>;
}

export async function openCast(browser: Browser): Promise<Cast> {
  const [owner, writer, reviewer] = await Promise.all(
    (["admin", "author", "reader"] as const).map(async (role) => {
      const context = await browser.newContext({ storageState: await signIn(browser, role) });
      return context.newPage();
    }),
  );
  if (!owner || !writer || !reviewer) throw new Error("A page is missing.");
  const { page: outsider } = await signUp(browser, "/publications/new");
  const pages = [owner, writer, reviewer, outsider];
  return {
    ...{ owner, writer, reviewer, outsider },
    close: async () => {
      for (const page of pages) await page.context().close();
    },
  };
}

/** Creates a publication through its form. @returns its path */
export async function foundPublication(page: Page, name: string): Promise<string> {
  await page.goto("/publications/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Description").fill("Told by a test.");
  await page.getByRole("button", { name: "Create publication" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeAttached();
  return new URL(page.url()).pathname;
}

/** Invites a person on the page of invitations. @returns the link that is shown once */
export async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Role").selectOption({ label: role });
  await page.getByRole("button", { name: "Create invitation" }).click();
  await expect(page.getByText(`Send this link to ${email}.`)).toBeVisible();
  return (await page.getByTestId("invitation-link").textContent()) ?? "";
}

/** Writes a draft for the demo author, as another writer of the database would. */
export async function writeDraft(ownerUrl: string, title: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`
      insert into articles (author_id, slug, title, body)
      select id, ${randomUUID()}, ${title}, 'A text about margins.' from users where handle = 'maren'`;
  } finally {
    await sql.end();
  }
}

const stateOf = (page: Page) => page.getByTestId("submission-state");
const step = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const beside = async (page: Page, path: string) => {
  const other = await page.context().newPage();
  await openLive(other, path);
  await markDocument(other);
  return other;
};
const confirm = (page: Page, name: string) =>
  page.getByRole("alertdialog").getByRole("button", { name }).click();

/** The step that the progress of a submission marks as the current one. */
const progressOf = (page: Page) =>
  page.getByRole("list", { name: "Progress" }).locator('[aria-current="step"]');
const tasksOf = (page: Page) => page.getByRole("list", { name: "Tasks" });

/**
 * A publication from its first invitation to published articles and the end of two memberships. Each page that shows a
 * change is open before it, and is never loaded again. The pages of another publication read nothing.
 *
 * @param signingKey of a site that runs signed jobs only
 */
export async function tellStory(
  cast: Cast,
  ownerUrl: string,
  signingKey: string | null = null,
): Promise<void> {
  const countReads = await watchElsewhere(cast.outsider);
  const name = `Story ${Date.now()}`;
  const home = await foundPublication(cast.owner, name);
  await tellInvitations(cast, home, name);
  await tellRoles(cast, home);
  await tellProcess(cast, home, ownerUrl);
  const title = await tellPermissions(cast, home, ownerUrl);
  await tellSchedule(cast, home, ownerUrl, title, signingKey);
  await tellRemoval(cast, home, name, ownerUrl);
  await tellLeaving(cast, home, name);
  expect(countReads()).toEqual([]);
}

/** Opens two pages of another publication. Returns the reads of publications since, which are none. */
async function watchElsewhere(outsider: Page): Promise<() => readonly string[]> {
  const home = await foundPublication(outsider, `Elsewhere ${Date.now()}`);
  await openLive(outsider, `${home}/work?show=all`);
  const members = await beside(outsider, `${home}/members`);
  const reads: string[] = [];
  for (const page of [outsider, members]) {
    await untilQuiet(page);
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/api\/(publications|submissions|invitations)\b/.test(pathname)) reads.push(pathname);
    });
  }
  return () => reads;
}

/** Submits a new draft of the writer, who sees its page afterwards. @returns its title */
export async function submitDraft(writer: Page, home: string, ownerUrl: string): Promise<string> {
  const title = `On margins ${Date.now()}`;
  await writeDraft(ownerUrl, title);
  await openLive(writer, `${home}/submit`);
  await writer.getByLabel("Article").selectOption({ label: title });
  await writer.getByLabel("Note to the editors").fill("For the next issue.");
  await writer.getByRole("button", { name: "Submit article" }).click();
  await expect(stateOf(writer)).toHaveText("Submitted");
  await markDocument(writer);
  return title;
}

const roleOf = (members: Page, role: string) =>
  members.getByRole("group", { name: "Roles of Pim Ketteridge" }).getByLabel(role);

/** Invitations reach the bell; their answers and the new members reach the owner, a revocation the invited. */
async function tellInvitations({ owner, writer, reviewer }: Cast, home: string, name: string) {
  await openLive(owner, `${home}/invitations`);
  await markDocument(owner);
  const members = await beside(owner, `${home}/members`);
  for (const page of [reviewer, writer]) await openLive(page, "/notifications");
  const before = await unreadCount(reviewer);
  await invite(owner, "reader@inkwell.example", "Reviewer");
  await invite(owner, "author@inkwell.example", "Writer");
  await expect.poll(() => unreadCount(reviewer)).toBe(before + 1);

  await writer.getByRole("link", { name }).click();
  await expect(writer.getByRole("button", { name: "Accept invitation" })).toBeVisible();
  await owner
    .getByRole("button", { name: "Revoke the invitation of author@inkwell.example" })
    .click();
  await confirm(owner, "Revoke");
  await expect(writer.getByText("This invitation was revoked.")).toBeVisible();
  await openLive(writer, "/notifications");
  await invite(owner, "author@inkwell.example", "Writer");
  await expect(writer.getByRole("link", { name })).toHaveCount(2);
  for (const page of [reviewer, writer]) {
    await page.getByRole("link", { name }).first().click();
    await page.getByRole("button", { name: "Accept invitation" }).click();
    await expect(page).toHaveURL(new RegExp(`${home}$`));
    await expect(page.getByRole("link", { name: "Work", exact: true })).toBeVisible();
  }
  await expect(owner.getByText("Accepted")).toHaveCount(2);
  for (const member of ["Pim Ketteridge", "Maren Tollvik"]) {
    await expect(members.getByRole("link", { name: member })).toBeVisible();
  }
  for (const page of [owner, members]) await expectSameDocument(page);
  await members.close();
}

/** New and changed roles, and the roles of members, on the pages of another member. */
async function tellRoles({ owner, reviewer }: Cast, home: string) {
  await openLive(reviewer, `${home}/members`);
  await markDocument(reviewer);
  const roles = await beside(reviewer, `${home}/roles`);
  await openLive(owner, `${home}/roles`);
  await owner.getByRole("button", { name: "New role" }).click();
  await owner.getByLabel("Name of the role").fill("Proofreader");
  await owner.getByLabel("Read all submissions").check();
  await owner.getByRole("button", { name: "Create role" }).click();
  await expect(roles.getByRole("heading", { name: "Proofreader" })).toBeVisible();

  const members = await beside(owner, `${home}/members`);
  await members.getByText("Change roles of Pim Ketteridge").click();
  await members
    .getByRole("group", { name: "Roles of Pim Ketteridge" })
    .getByLabel("Proofreader")
    .check();
  await expect(reviewer.getByText("Proofreader, Reviewer")).toBeVisible();
  await members.close();
  await owner.getByRole("button", { name: "Change role Proofreader" }).click();
  await owner.getByLabel("Name of the role").fill("Copy editor");
  await owner.getByRole("button", { name: "Save role" }).click();
  await expect(roles.getByRole("heading", { name: "Copy editor" })).toBeVisible();
  await expect(reviewer.getByText("Copy editor, Reviewer")).toBeVisible();
  for (const page of [reviewer, roles]) await expectSameDocument(page);
  await roles.close();
}

/** A submission, its tasks and progress, and the way to the published article. */
async function tellProcess({ owner, writer, reviewer }: Cast, home: string, ownerUrl: string) {
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

/** The work list follows permissions that are gained and lost, by a role that is given or changed; a role is deleted. */
async function tellPermissions({ owner, writer, reviewer }: Cast, home: string, ownerUrl: string) {
  const title = await submitDraft(writer, home, ownerUrl);
  await openLive(reviewer, `${home}/work?show=roles`);
  await markDocument(reviewer);
  const ofRoles = (count: number) =>
    expect(reviewer.getByRole("link", { name: `For your roles (${count})` })).toBeVisible();
  const task = tasksOf(reviewer).getByRole("link", { name: title });
  await expect(task).toBeVisible();
  await openLive(owner, `${home}/members`);
  await markDocument(owner);
  await owner.getByText("Change roles of Pim Ketteridge").click();
  await roleOf(owner, "Reviewer").uncheck();
  await ofRoles(0);
  await expect(task).toHaveCount(0);
  await roleOf(owner, "Reviewer").check();
  await ofRoles(1);
  await expect(task).toBeVisible();
  await roleOf(owner, "Reviewer").uncheck();
  await ofRoles(0);

  const page = await beside(reviewer, pathOf(writer));
  await expect(stateOf(page)).toHaveText("Submitted");
  const roles = await beside(owner, `${home}/roles`);
  const change = async (
    ...changes: readonly (readonly [permission: string, isGiven: boolean])[]
  ) => {
    await roles.getByRole("button", { name: "Change role Copy editor" }).click();
    for (const [permission, isGiven] of changes) {
      await roles.getByLabel(permission).setChecked(isGiven);
    }
    await roles.getByRole("button", { name: "Save role" }).click();
    await expect(roles.getByRole("button", { name: "Change role Copy editor" })).toBeVisible();
  };
  await change(["Review submissions and request changes", true]);
  await ofRoles(1);
  // Without the last permission the open page of the submission is replaced by the reason, for good.
  await change(["Review submissions and request changes", false], ["Read all submissions", false]);
  await ofRoles(0);
  await expectReason(page, "This submission is not available");
  await page.close();

  await roleOf(owner, "Reviewer").check();
  await ofRoles(1);
  const members = await beside(reviewer, `${home}/members`);
  await expect(members.getByText("Copy editor, Reviewer")).toBeVisible();
  await roles.getByRole("button", { name: "Delete role Copy editor" }).click();
  await confirm(roles, "Delete");
  await expect(members.getByText("Copy editor, Reviewer")).toHaveCount(0);
  await expect(roleOf(owner, "Copy editor")).toHaveCount(0);
  for (const each of [owner, reviewer, members]) await expectSameDocument(each);
  for (const each of [roles, members]) await each.close();
  return title;
}

const pathOf = (page: Page) => new URL(page.url()).pathname;

/** The page shows the reason, also when everything has been read again that the end of the right made stale. */
export async function expectReason(page: Page, reason: string): Promise<void> {
  await expect(page.getByText(reason)).toBeVisible();
  await untilQuiet(page);
  await expect(page.getByText(reason)).toBeVisible();
  await expectSameDocument(page);
}

/** An article is scheduled, and published by the job when it is due. The author is notified. */
async function tellSchedule(
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
  await runJob(owner.request, "publish-due-submissions", signingKey);
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

/** The removed member's open pages are replaced by the reason; the other members' pages lose the member. */
async function tellRemoval(
  { owner, writer, reviewer }: Cast,
  home: string,
  name: string,
  ownerUrl: string,
) {
  await submitDraft(writer, home, ownerUrl);
  const submission = await beside(reviewer, pathOf(writer));
  await expect(stateOf(submission)).toHaveText("Submitted");
  for (const page of [reviewer, writer]) {
    await openLive(page, `${home}/members`);
    await markDocument(page);
    await expect(page.getByRole("link", { name: "Pim Ketteridge" })).toBeVisible();
  }
  await openLive(owner, `${home}/members`);
  await owner.getByRole("button", { name: "Remove Pim Ketteridge" }).click();
  await confirm(owner, "Remove");
  for (const page of [owner, writer]) {
    await expect(page.getByRole("link", { name: "Pim Ketteridge" })).toHaveCount(0);
  }
  for (const page of [reviewer, submission]) {
    await expectReason(page, `You are no longer a member of ${name}`);
  }
  await expect(stateOf(submission)).toHaveCount(0);
  await expect(reviewer.getByRole("link", { name: "Maren Tollvik" })).toHaveCount(0);
  await expectSameDocument(writer);
}

/** A member leaves: the other open page of that member gives the reason, and the owner's page loses the member. */
async function tellLeaving({ owner, writer }: Cast, home: string, name: string) {
  await markDocument(owner);
  const other = await beside(writer, `${home}/work`);
  await openLive(writer, `${home}/settings`);
  await writer.getByRole("button", { name: "Leave publication" }).click();
  await confirm(writer, "Leave");
  await expect(owner.getByRole("link", { name: "Maren Tollvik" })).toHaveCount(0);
  await expectReason(other, `You are no longer a member of ${name}`);
  await expectSameDocument(owner);
}
