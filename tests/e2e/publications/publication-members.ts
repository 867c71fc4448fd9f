import { expect, type Page } from "@playwright/test";
import { expectSameDocument, markDocument, openLive, unreadCount } from "../steps/steps.ts";
import {
  beside,
  type Cast,
  confirm,
  expectReason,
  invite,
  pathOf,
  stateOf,
  submitDraft,
  tasksOf,
} from "./publication-steps.ts";

const roleOf = (members: Page, role: string) =>
  members.getByRole("group", { name: "Roles of Pim Ketteridge" }).getByLabel(role);

/** Invitations reach the bell; their answers and the new members reach the owner, a revocation the invited. */
export async function tellInvitations(
  { owner, writer, reviewer }: Cast,
  home: string,
  name: string,
) {
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
export async function tellRoles({ owner, reviewer }: Cast, home: string) {
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

/** The work list follows permissions that are gained and lost, by a role that is given or changed; a role is deleted. */
export async function tellPermissions(
  { owner, writer, reviewer }: Cast,
  home: string,
  ownerUrl: string,
) {
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

/** The removed member's open pages are replaced by the reason; the other members' pages lose the member. */
export async function tellRemoval(
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
export async function tellLeaving({ owner, writer }: Cast, home: string, name: string) {
  await markDocument(owner);
  const other = await beside(writer, `${home}/work`);
  await openLive(writer, `${home}/settings`);
  await writer.getByRole("button", { name: "Leave publication" }).click();
  await confirm(writer, "Leave");
  await expect(owner.getByRole("link", { name: "Maren Tollvik" })).toHaveCount(0);
  await expectReason(other, `You are no longer a member of ${name}`);
  await expectSameDocument(owner);
}
