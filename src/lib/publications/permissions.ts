/** What a role of a publication can allow. A check of `publication_roles` has the same list. */
export const permissions = [
  "members.manage",
  "roles.manage",
  "settings.manage",
  "submissions.read",
  "submissions.review",
  "submissions.approve",
  "submissions.publish",
  "evidence.record",
] as const;

export type Permission = (typeof permissions)[number];

/** Each of these lets a member read all submissions of the publication. */
export const deskPermissions = [
  "submissions.read",
  "submissions.review",
  "submissions.approve",
  "submissions.publish",
] as const satisfies readonly Permission[];

export const permissionWords: Readonly<Record<Permission, string>> = {
  "members.manage": "Invite and remove members, and change their roles",
  "roles.manage": "Create and change roles",
  "settings.manage": "Change name and description",
  "submissions.read": "Read all submissions",
  "submissions.review": "Review submissions and request changes",
  "submissions.approve": "Approve submissions",
  "submissions.publish": "Schedule and publish approved articles",
  "evidence.record": "Record observations",
};

/** Whether a member with these permissions can read all submissions of the publication. */
export function seesDesk(held: readonly Permission[]): boolean {
  return deskPermissions.some((permission) => held.includes(permission));
}
