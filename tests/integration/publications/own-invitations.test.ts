import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { answerInvitation } from "@/features/teams/invitations/answer-invitation.ts";
import { listOwnInvitations } from "@/features/teams/invitations/list-own-invitations.ts";
import { revokeInvitation } from "@/features/teams/invitations/revoke-invitation.ts";
import { deleteRole } from "@/features/teams/roles/delete-role.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Team = Awaited<ReturnType<typeof rig.found>>;

/** The invitations of one publication: other tests and the fixed rows have more. */
const openIn = async (team: Team, viewer: Member | typeof anonymous) =>
  (await rig.site.contexts.read(viewer)(listOwnInvitations)).filter(
    ({ publication }) => publication.slug === team.slug,
  );

test("the invited person lists an open invitation with its publication, role, sender and expiry, and others do not", async () => {
  const team = await rig.found(ben);
  const { invitationId: id } = await team.invite(ben, "ann@example.org", "Reviewer");
  expect(await openIn(team, ann)).toEqual([
    {
      id,
      publication: { slug: team.slug, name: "Paper" },
      roleName: "Reviewer",
      invitedBy: "ben",
      hasProof: true,
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    },
  ]);
  for (const other of [anonymous, ben, kay, rea]) expect(await openIn(team, other)).toEqual([]);
});

test("an invitation that was answered or revoked, or that has expired, leaves the list, and each end reaches the person by a captured table", async () => {
  const ends: readonly ((invitationId: string, team: Team) => Promise<unknown>)[] = [
    (invitationId) =>
      rig.site.contexts.write(ann)((ctx) =>
        answerInvitation(ctx, { invitationId, accepts: false }),
      ),
    (invitationId) =>
      rig.site.contexts.write(ann)((ctx) => answerInvitation(ctx, { invitationId, accepts: true })),
    (invitationId) =>
      rig.site.contexts.write(ben)((ctx) => revokeInvitation(ctx, { invitationId })),
    (invitationId) =>
      rig.site
        .owner`update publication_invitations set expires_at = now() where id = ${invitationId}`,
    async (_, team) => {
      const roleId = await team.roleId("Writer");
      await rig.site.contexts.write(ben)((ctx) =>
        deleteRole(ctx, { publicationId: team.publicationId, roleId }),
      );
    },
  ];
  const channel = channels.user({ userId: ann.userId }).name;
  for (const end of ends) {
    const team = await rig.found(ben);
    const { invitationId: id } = await team.invite(ben, "ann@example.org");
    expect((await openIn(team, ann)).map((each) => each.id)).toEqual([id]);
    await rig.site.newSignals();
    await end(id, team);
    const received = (await rig.site.newSignals()).filter((each) => each.channel === channel);
    expect(received.map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^invitation\.(updated|deleted)$/),
    );
    expect(await openIn(team, ann)).toEqual([]);
  }
});

test("an account without proof of its e-mail lists an invitation, and the list says that its link is needed", async () => {
  const team = await rig.found(ben);
  const { invitationId: id } = await team.invite(ben, "ann@example.org");
  await rig.site.owner`update credentials set email_proved_at = null where user_id = ${ann.userId}`;
  expect(await openIn(team, ann)).toMatchObject([{ id, hasProof: false }]);
  await rig.site
    .owner`update credentials set email_proved_at = now() where user_id = ${ann.userId}`;
  expect(await openIn(team, ann)).toMatchObject([{ id, hasProof: true }]);
});

test("an account that is younger than an invitation to its e-mail lists nothing", async () => {
  const team = await rig.found(ben);
  const email = `late-${randomUUID()}@example.org`;
  await team.invite(ben, email);
  const userId = randomUUID();
  await rig.site
    .owner`insert into users (id, handle, name) values (${userId}, ${`l${userId.slice(0, 8)}`}, 'Late')`;
  await rig.site.owner`insert into credentials (user_id, email) values (${userId}, ${email})`;
  expect(await openIn(team, { userId, role: "reader" } as unknown as Member)).toEqual([]);
});
