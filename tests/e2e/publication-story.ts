import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { expectSameDocument, markDocument, openLive, signIn, unreadCount } from "./steps.ts";

/** The people of the story, each in a browser of their own: the owner, the writer and the reviewer. */
export interface Cast {
  readonly owner: Page;
  readonly writer: Page;
  readonly reviewer: Page;
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
  const pages = [owner, writer, reviewer];
  return {
    ...{ owner, writer, reviewer },
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

/**
 * A publication from its first invitation to a published article and the removal of a member. Each page that
 * shows a change is open before it, and is never loaded again.
 */
export async function tellStory(cast: Cast, ownerUrl: string): Promise<void> {
  const name = `Story ${Date.now()}`;
  const home = await foundPublication(cast.owner, name);
  await tellInvitations(cast, home, name);
  await tellRoles(cast, home);
  await tellProcess(cast, home, ownerUrl);
  await tellRemoval(cast, home, name);
}

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

/** A submission, its tasks, and the way to the published article. */
async function tellProcess({ owner, writer, reviewer }: Cast, home: string, ownerUrl: string) {
  const title = `On margins ${Date.now()}`;
  await openLive(reviewer, `${home}/work?show=roles`);
  await markDocument(reviewer);
  await expect(reviewer.getByRole("link", { name: "For your roles (0)" })).toBeVisible();
  await writeDraft(ownerUrl, title);
  await writer.goto(`${home}/submit`);
  await writer.getByLabel("Article").selectOption({ label: title });
  await writer.getByLabel("Note to the editors").fill("For the next issue.");
  await writer.getByRole("button", { name: "Submit article" }).click();
  await expect(stateOf(writer)).toHaveText("Submitted");
  await markDocument(writer);

  await expect(reviewer.getByRole("link", { name: "For your roles (1)" })).toBeVisible();
  await reviewer.getByRole("button", { name: `Take: Review ${title}` }).click();
  await expect(reviewer.getByRole("link", { name: "Yours (1)" })).toBeVisible();
  await expect(writer.getByText("Review: Pim Ketteridge")).toBeVisible();
  await expectSameDocument(reviewer);
  await reviewer
    .getByRole("list", { name: "Submissions" })
    .getByRole("link", { name: title })
    .click();
  await step(reviewer, "Start review");
  for (const page of [writer, reviewer]) {
    await expect(stateOf(page)).toHaveText("In review");
    // Rendered by the server: the hook refreshes the page.
    await expect(page).toHaveTitle(/^In review: /);
  }
  await reviewer.getByLabel("Note").fill("Please make it shorter.");
  await step(reviewer, "Request changes");
  await expect(stateOf(writer)).toHaveText("Changes requested");
  await expect(writer.getByText("Please make it shorter.")).toBeVisible();
  await expect(writer.getByText("Revise: you")).toBeVisible();
  await step(writer, "Submit again");
  await expect(stateOf(reviewer)).toHaveText("Resubmitted");
  await step(reviewer, "Start review");
  await expect(stateOf(reviewer)).toHaveText("In review");
  await expect(reviewer.getByRole("button", { name: "Approve article" })).toHaveCount(0);

  await openLive(owner, `${home}/work?show=roles`);
  const tasks = owner.getByRole("list", { name: "Tasks" });
  await tasks.getByRole("link", { name: title }).first().click();
  await step(owner, "Approve article");
  await expect(stateOf(writer)).toHaveText("Approved");
  const list = await beside(writer, home);
  await expect(list.getByText("No articles yet")).toBeVisible();
  await step(owner, "Publish now");
  for (const page of [writer, reviewer]) await expect(stateOf(page)).toHaveText("Published");
  await expect(list.getByRole("link", { name: title })).toBeVisible();
  for (const page of [list, writer]) await expectSameDocument(page);
  await list.close();
}

/** The removed member's open page is replaced by the reason; the other members' pages lose the member. */
async function tellRemoval({ owner, writer, reviewer }: Cast, home: string, name: string) {
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
  await expect(reviewer.getByText(`You are no longer a member of ${name}`)).toBeVisible();
  await expect(reviewer.getByRole("link", { name: "Maren Tollvik" })).toHaveCount(0);
  for (const page of [reviewer, writer]) await expectSameDocument(page);
}
