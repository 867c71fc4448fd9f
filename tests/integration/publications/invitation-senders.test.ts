import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerInvitation } from "@/features/teams/invitations/answer-invitation.ts";
import { getInvitation } from "@/features/teams/invitations/get-invitation.ts";
import { listOwnInvitations } from "@/features/teams/invitations/list-own-invitations.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import { deleteRole } from "@/features/teams/roles/delete-role.ts";
import { saveRole } from "@/features/teams/roles/save-role.ts";
import { takeRole } from "@/features/teams/roles/take-role.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { createPublicationsRig } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

/** Open invitations whose sender can no longer give their role. */

const { ann, ben, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Sent = Awaited<ReturnType<typeof newInvitation>>;

/** Ben owns the publication. Rea is a host, who manages members and reviews, and invites ann as a reviewer. */
async function newInvitation() {
  const team = await rig.found(ben);
  const hostId = randomUUID();
  const save = async (roleId: string, name: string, ...permissions: Permission[]) => {
    const [stored] = await rig.site.owner<{ name: string; permissions: Permission[] }[]>`
      select name, permissions from publication_roles where id = ${roleId}`;
    const { publicationId } = team;
    await rig.site.contexts.write(ben)((ctx) =>
      saveRole(ctx, { publicationId, roleId, name, permissions, basedOn: stored ?? null }),
    );
  };
  await save(hostId, "Host", "members.manage", "submissions.review");
  await team.join(rea, "Host");
  const { invitationId } = await team.invite(rea, "ann@example.org", "Reviewer");
  return { ...team, invitationId, hostId, save };
}

const accept = ({ invitationId }: Sent) =>
  rig.site.contexts.write(ann)((ctx) => answerInvitation(ctx, { invitationId, accepts: true }));
const remove = (by: typeof ben | typeof rea, { publicationId }: Sent) =>
  rig.site.contexts.write(by)((ctx) => removeMember(ctx, { publicationId, userId: rea.userId }));

/** What a sender can lose, by the name of the loss. */
const losses: Readonly<Record<string, (sent: Sent) => Promise<unknown>>> = {
  "is removed": (sent) => remove(ben, sent),
  leaves: (sent) => remove(rea, sent),
  "loses the role": ({ publicationId, hostId: roleId }) =>
    rig.site.contexts.write(ben)((ctx) =>
      takeRole(ctx, { publicationId, roleId, userId: rea.userId }),
    ),
  "has a role that is deleted": ({ publicationId, hostId: roleId }) =>
    rig.site.contexts.write(ben)((ctx) => deleteRole(ctx, { publicationId, roleId })),
  "has a role that loses the right to invite": ({ save, hostId }) =>
    save(hostId, "Host", "submissions.review"),
  "has a role that loses a permission of the invitation": ({ save, hostId }) =>
    save(hostId, "Host", "members.manage"),
};

test.each(Object.entries(losses))(
  "an open invitation is revoked when its sender %s: its page shows it, and it cannot be accepted",
  async (_, lose) => {
    const sent = await newInvitation();
    await lose(sent);
    const { invitationId } = sent;
    const page = await rig.site.contexts.read(ann)((ctx) => getInvitation(ctx, { invitationId }));
    expect(page.status).toBe("revoked");
    const listed = await rig.site.contexts.read(ann)(listOwnInvitations);
    expect(listed.map(({ id }) => id)).not.toContain(invitationId);
    await expect(accept(sent)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("was revoked"),
    });
    expect((await sent.standing(ann)).isMember).toBe(false);
  },
);

test.each([
  [
    "its role has got a permission that the sender does not have",
    async ({ save, roleId }: Sent) =>
      save(await roleId("Reviewer"), "Reviewer", "submissions.review", "submissions.publish"),
  ],
  [
    "its sender is banned from the site",
    () => rig.site.owner`insert into user_bans (user_id) values (${rea.userId})`,
  ],
  [
    "it was sent while its sender was removed",
    async (sent: Sent) => {
      await remove(ben, sent);
      // As a transaction leaves it that began before the removal and ends after it.
      await rig.site
        .owner`update publication_invitations set status = 'open' where id = ${sent.invitationId}`;
    },
  ],
] as const)(
  "an open invitation cannot be accepted when %s, and the refusal names the reason",
  async (_, change) => {
    const sent = await newInvitation();
    await change(sent);
    await expect(accept(sent)).rejects.toMatchObject({
      code: "conflict",
      message: "The sender of this invitation can no longer give its role. Ask for a new one.",
    });
    expect((await sent.standing(ann)).isMember).toBe(false);
    await rig.site.owner`delete from user_bans where user_id = ${rea.userId}`;
  },
);

test("invitations of members who keep the right stay open when another member loses it", async () => {
  const sent = await newInvitation();
  const kept = await sent.invite(ben, "ann@example.org", "Editor");
  const { invitationId } = kept;
  await remove(ben, sent);
  await rig.site.contexts.write(ann)((ctx) =>
    answerInvitation(ctx, { invitationId, accepts: true }),
  );
  expect((await sent.standing(ann)).isMember).toBe(true);
});
