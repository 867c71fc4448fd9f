import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { answerInvitation } from "@/features/teams/invitations/answer-invitation.ts";
import { getInvitation } from "@/features/teams/invitations/get-invitation.ts";
import { revokeInvitation } from "@/features/teams/invitations/revoke-invitation.ts";
import { giveRole } from "@/features/teams/roles/give-role.ts";
import { saveRole } from "@/features/teams/roles/save-role.ts";
import { inviteInput } from "@/features/teams/schema.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

const answer = (viewer: Member, invitationId: string, accepts: boolean, token?: string) =>
  rig.site.contexts.write(viewer)((ctx) => answerInvitation(ctx, { invitationId, accepts, token }));

test("an invitation is accepted by the person with its e-mail, who gets its role", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await team.invite(ben, "ann@example.org", "Reviewer");
  const shown = await rig.site.contexts.read(ann)((ctx) => getInvitation(ctx, { invitationId }));
  expect(shown).toMatchObject({
    roleName: "Reviewer",
    invitedBy: "ben",
    isForViewer: true,
    hasProof: true,
  });
  await answer(ann, invitationId, true);
  await answer(ann, invitationId, true);
  expect(await team.standing(ann)).toEqual({
    isMember: true,
    permissions: ["submissions.review"],
  });
  await expect(answer(ann, invitationId, false)).rejects.toMatchObject({ code: "conflict" });
});

test("an invitation is declined, and cannot be accepted afterwards", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await team.invite(ben, "ann@example.org");
  await answer(ann, invitationId, false);
  await expect(answer(ann, invitationId, true)).rejects.toMatchObject({ code: "conflict" });
  expect((await team.standing(ann)).isMember).toBe(false);
});

test("an invitation reaches a person without an account: the account that is created later needs the token", async () => {
  const team = await rig.found(ben);
  const email = `new-${randomUUID()}@example.org`;
  const { invitationId, token } = await team.invite(ben, email);
  const signedOut = await rig.site.contexts.read(anonymous)((ctx) =>
    getInvitation(ctx, { invitationId, token }),
  );
  expect(signedOut).toMatchObject({ email, isForViewer: false });
  const userId = randomUUID();
  await rig.site
    .owner`insert into users (id, handle, name) values (${userId}, ${`n${userId.slice(0, 8)}`}, 'New')`;
  await rig.site.owner`insert into credentials (user_id, email) values (${userId}, ${email})`;
  const late = { userId, role: "reader" } as unknown as Member;
  await expect(answer(late, invitationId, true)).rejects.toMatchObject({ code: "not_found" });
  await expect(answer(late, invitationId, true, "wrong")).rejects.toMatchObject({
    code: "not_found",
  });
  await answer(late, invitationId, true, token);
  expect((await team.standing(late)).isMember).toBe(true);
});

test("an account that took the e-mail of another person before the invitation, without proof, cannot answer it without its token, nor with the token of another invitation", async () => {
  const email = `chief-${randomUUID()}@paper.example`;
  const userId = randomUUID();
  await rig.site
    .owner`insert into users (id, handle, name) values (${userId}, ${`c${userId.slice(0, 8)}`}, 'Chief')`;
  await rig.site.owner`insert into credentials (user_id, email) values (${userId}, ${email})`;
  const early = { userId, role: "reader" } as unknown as Member;
  const team = await rig.found(ben);
  const { invitationId, token } = await team.invite(ben, email, "Editor");
  // Of a publication of their own, whose owner has the link.
  const own = await (await rig.found(rea)).invite(rea, email);
  await answer(early, own.invitationId, true, own.token);

  const shown = await rig.site.contexts.read(early)((ctx) => getInvitation(ctx, { invitationId }));
  expect(shown).toMatchObject({ isForViewer: true, hasProof: false });
  for (const accepts of [true, false]) {
    for (const sent of [undefined, own.token]) {
      await expect(answer(early, invitationId, accepts, sent)).rejects.toMatchObject({
        code: "not_found",
        message: expect.stringContaining("open its link"),
      });
    }
  }
  expect((await team.standing(early)).isMember).toBe(false);
  await answer(early, invitationId, true, token);
  expect((await team.standing(early)).isMember).toBe(true);
});

test("an invitation is refused to all others, also with the token, and not shown without it", async () => {
  const team = await rig.found(ben);
  const { invitationId, token } = await team.invite(ben, "ann@example.org");
  await expect(answer(kay, invitationId, true, token)).rejects.toMatchObject({
    code: "not_found",
  });
  for (const other of [anonymous, kay]) {
    await expect(
      rig.site.contexts.read(other)((ctx) => getInvitation(ctx, { invitationId })),
    ).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await team.standing(kay)).isMember).toBe(false);
});

test("an invitation that was revoked, replaced or has expired cannot be accepted", async () => {
  const team = await rig.found(ben);
  const first = await team.invite(ben, "ann@example.org");
  const second = await team.invite(ben, "ann@example.org");
  await expect(answer(ann, first.invitationId, true)).rejects.toMatchObject({ code: "conflict" });
  await rig.site.contexts.write(ben)((ctx) => revokeInvitation(ctx, second));
  await expect(answer(ann, second.invitationId, true)).rejects.toMatchObject({
    code: "conflict",
  });
  const third = await team.invite(ben, "ann@example.org");
  await rig.site
    .owner`update publication_invitations set expires_at = now() where id = ${third.invitationId}`;
  await expect(answer(ann, third.invitationId, true)).rejects.toMatchObject({ code: "conflict" });
  expect((await team.standing(ann)).isMember).toBe(false);
});

test("an invitation is sent by members who manage members only, and for roles within their own permissions", async () => {
  const team = await rig.found(ben);
  await team.join(ann, "Editor");
  await expect(team.invite(ann, "kay@example.org")).rejects.toMatchObject({ code: "forbidden" });
  const roleId = randomUUID();
  await rig.site.contexts.write(ben)((ctx) =>
    saveRole(ctx, {
      publicationId: team.publicationId,
      roleId,
      name: "Host",
      permissions: ["members.manage"],
      basedOn: null,
    }),
  );
  await team.join(rea);
  await rig.site.contexts.write(ben)((ctx) =>
    giveRole(ctx, { publicationId: team.publicationId, userId: rea.userId, roleId }),
  );
  await team.invite(rea, "kay@example.org", "Writer");
  for (const role of ["Editor", "Owner"]) {
    await expect(team.invite(rea, "kay@example.org", role)).rejects.toMatchObject({
      code: "forbidden",
    });
  }
});

test("an invitation notifies the person who has an account, and the e-mail is checked beside the field", async () => {
  const team = await rig.found(ben);
  const { invitationId } = await team.invite(ben, "ann@example.org");
  const persist = () =>
    rig.site.contexts.job((ctx) =>
      persistNotification(ctx, { causeType: "invitation", causeId: invitationId }),
    );
  expect(await persist()).toHaveLength(1);
  expect(await persist()).toHaveLength(0);
  const { error } = inviteInput.safeParse({
    publicationId: team.publicationId,
    invitationId,
    email: "nobody",
    roleId: "",
  });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["email", "roleId"]);
});
