import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { createPublication } from "@/features/publications/create-publication.ts";
import { getStanding } from "@/features/publications/get-standing.ts";
import { leavePublication } from "@/features/publications/leave-publication.ts";
import { listPublications } from "@/features/publications/list-publications.ts";
import { createPublicationInput } from "@/features/publications/schema.ts";
import { updatePublication } from "@/features/publications/update-publication.ts";
import { answerInvitation } from "@/features/teams/answer-invitation.ts";
import { deleteRole } from "@/features/teams/delete-role.ts";
import { getInvitation } from "@/features/teams/get-invitation.ts";
import { giveRole } from "@/features/teams/give-role.ts";
import { invite } from "@/features/teams/invite.ts";
import { listInvitations } from "@/features/teams/list-invitations.ts";
import { listMembers } from "@/features/teams/list-members.ts";
import { listRoles } from "@/features/teams/list-roles.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import { revokeInvitation } from "@/features/teams/revoke-invitation.ts";
import { saveRole } from "@/features/teams/save-role.ts";
import { inviteInput } from "@/features/teams/schema.ts";
import { takeRole } from "@/features/teams/take-role.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { createPublicationsRig, type Member, readSubmission } from "./publications-rig.ts";
import { viewers } from "./rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Team = Awaited<ReturnType<typeof rig.found>>;
const read = <Result>(
  viewer: Member | typeof anonymous,
  verb: Parameters<ReturnType<typeof rig.site.contexts.read>>[0],
) => rig.site.contexts.read(viewer)(verb) as Promise<Result>;
const standing = (viewer: Member | typeof anonymous, { publicationId }: Team) =>
  rig.site.contexts.read(viewer)((ctx) => getStanding(ctx, { publicationId }));
const send = async (team: Team, by: Member, email: string, role = "Writer") => {
  const invitationId = randomUUID();
  const path = await rig.site.contexts.write(by)(async (ctx) =>
    invite(ctx, {
      publicationId: team.publicationId,
      invitationId,
      email,
      roleId: await team.roleId(role),
    }),
  );
  const token = new URL(path, "https://inkwell.example").searchParams.get("token") ?? "";
  return { invitationId, token };
};
const answer = (viewer: Member, invitationId: string, accepts: boolean, token?: string) =>
  rig.site.contexts.write(viewer)((ctx) => answerInvitation(ctx, { invitationId, accepts, token }));

describe("a publication", () => {
  test("belongs to its founder, has roles, and exists once per id and address", async () => {
    const team = await rig.found(ben);
    const { permissions, isMember } = await standing(ben, team);
    expect([isMember, permissions.length]).toEqual([true, 8]);
    const roles = await rig.site.contexts.read(ben)((ctx) => listRoles(ctx, team));
    expect(roles.map(({ name }) => name)).toEqual([
      "Owner",
      "Editor",
      "Moderator",
      "Reviewer",
      "Writer",
    ]);
    const again = {
      publicationId: team.publicationId,
      slug: team.slug,
      name: "Paper",
      description: "",
    };
    await rig.site.contexts.write(ben)((ctx) => createPublication(ctx, again));
    const taken = rig.site.contexts.write(ann)((ctx) =>
      createPublication(ctx, { ...again, publicationId: randomUUID() }),
    );
    await expect(taken).rejects.toMatchObject({ code: "conflict" });
    const own = await rig.site.contexts.read(ben)((ctx) =>
      listPublications(ctx, { filter: "yours" }),
    );
    expect(own.map(({ id }) => id)).toContain(team.publicationId);
  });

  test("is changed by members with the permission only", async () => {
    const team = await rig.found(ben);
    await team.join(ann, "Editor");
    const rename = (by: Member) =>
      rig.site.contexts.write(by)((ctx) =>
        updatePublication(ctx, {
          publicationId: team.publicationId,
          name: "News",
          description: "",
        }),
      );
    for (const other of [ann, kay]) {
      await expect(rename(other)).rejects.toMatchObject({ code: "forbidden" });
    }
    await rename(ben);
  });

  test.each([
    ["no name", { name: " " }, "name"],
    ["an address with spaces", { slug: "a b" }, "slug"],
    ["a reserved address", { slug: "new" }, "slug"],
  ])("with %s is refused beside the field", (_, parts, field) => {
    const input = { publicationId: randomUUID(), slug: "news", name: "News", description: "" };
    const { error } = createPublicationInput.safeParse({ ...input, ...parts });
    expect(error?.issues.map(({ path }) => path.join("."))).toContain(field);
  });
});

describe("the team is shown by the authenticated identity", () => {
  test("to members only: not to admins of the site, nor signed out", async () => {
    const team = await rig.found(ben);
    await team.join(ann, "Writer");
    for (const other of [anonymous, kay]) {
      expect(await read(other, (ctx) => listMembers(ctx, team))).toEqual([]);
      expect(await read(other, (ctx) => listRoles(ctx, team))).toEqual([]);
      expect(await read(other, (ctx) => listInvitations(ctx, team))).toEqual([]);
    }
    const members = await rig.site.contexts.read(ann)((ctx) => listMembers(ctx, team));
    expect(members.map(({ handle }) => handle)).toEqual(["ben", "ann"]);
  });
});

describe("an invitation", () => {
  test("is accepted by the person with its e-mail, who gets its role", async () => {
    const team = await rig.found(ben);
    const { invitationId } = await send(team, ben, "ann@example.org", "Reviewer");
    const shown = await rig.site.contexts.read(ann)((ctx) => getInvitation(ctx, { invitationId }));
    expect(shown).toMatchObject({
      roleName: "Reviewer",
      invitedBy: "ben",
      isForViewer: true,
      hasProof: true,
    });
    await answer(ann, invitationId, true);
    await answer(ann, invitationId, true);
    expect(await standing(ann, team)).toEqual({
      isMember: true,
      permissions: ["submissions.review"],
    });
    await expect(answer(ann, invitationId, false)).rejects.toMatchObject({ code: "conflict" });
  });

  test("is declined, and cannot be accepted afterwards", async () => {
    const team = await rig.found(ben);
    const { invitationId } = await send(team, ben, "ann@example.org");
    await answer(ann, invitationId, false);
    await expect(answer(ann, invitationId, true)).rejects.toMatchObject({ code: "conflict" });
    expect((await standing(ann, team)).isMember).toBe(false);
  });

  test("reaches a person without an account: the account that is created later needs the token", async () => {
    const team = await rig.found(ben);
    const email = `new-${randomUUID()}@example.org`;
    const { invitationId, token } = await send(team, ben, email);
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
    expect((await standing(late, team)).isMember).toBe(true);
  });

  test("is refused to all others, also with the token, and not shown without it", async () => {
    const team = await rig.found(ben);
    const { invitationId, token } = await send(team, ben, "ann@example.org");
    await expect(answer(kay, invitationId, true, token)).rejects.toMatchObject({
      code: "not_found",
    });
    for (const other of [anonymous, kay]) {
      await expect(
        rig.site.contexts.read(other)((ctx) => getInvitation(ctx, { invitationId })),
      ).rejects.toMatchObject({ code: "not_found" });
    }
    expect((await standing(kay, team)).isMember).toBe(false);
  });

  test("that was revoked, replaced or has expired cannot be accepted", async () => {
    const team = await rig.found(ben);
    const first = await send(team, ben, "ann@example.org");
    const second = await send(team, ben, "ann@example.org");
    await expect(answer(ann, first.invitationId, true)).rejects.toMatchObject({ code: "conflict" });
    await rig.site.contexts.write(ben)((ctx) => revokeInvitation(ctx, second));
    await expect(answer(ann, second.invitationId, true)).rejects.toMatchObject({
      code: "conflict",
    });
    const third = await send(team, ben, "ann@example.org");
    await rig.site
      .owner`update publication_invitations set expires_at = now() where id = ${third.invitationId}`;
    await expect(answer(ann, third.invitationId, true)).rejects.toMatchObject({ code: "conflict" });
    expect((await standing(ann, team)).isMember).toBe(false);
  });

  test("is sent by members who manage members only, and for roles within their own permissions", async () => {
    const team = await rig.found(ben);
    await team.join(ann, "Editor");
    await expect(send(team, ann, "kay@example.org")).rejects.toMatchObject({ code: "forbidden" });
    const roleId = randomUUID();
    await rig.site.contexts.write(ben)((ctx) =>
      saveRole(ctx, {
        publicationId: team.publicationId,
        roleId,
        name: "Host",
        permissions: ["members.manage"],
      }),
    );
    await team.join(rea);
    await rig.site.contexts.write(ben)((ctx) =>
      giveRole(ctx, { publicationId: team.publicationId, userId: rea.userId, roleId }),
    );
    await send(team, rea, "kay@example.org", "Writer");
    for (const role of ["Editor", "Owner"]) {
      await expect(send(team, rea, "kay@example.org", role)).rejects.toMatchObject({
        code: "forbidden",
      });
    }
  });

  test("notifies the person who has an account, and the e-mail is checked beside the field", async () => {
    const team = await rig.found(ben);
    const { invitationId } = await send(team, ben, "ann@example.org");
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
});

describe("roles", () => {
  const save = (by: Member, team: Team, roleId: string, permissions: readonly Permission[]) =>
    rig.site.contexts.write(by)((ctx) =>
      saveRole(ctx, {
        publicationId: team.publicationId,
        roleId,
        name: `Role ${roleId}`.slice(0, 40),
        permissions: [...permissions],
      }),
    );

  test("give their permissions at once, within those of the member who writes them", async () => {
    const team = await rig.found(ben);
    const roleId = randomUUID();
    await save(ben, team, roleId, ["roles.manage", "submissions.read"]);
    await team.join(ann);
    const given = { publicationId: team.publicationId, userId: ann.userId, roleId };
    await rig.site.contexts.write(ben)((ctx) => giveRole(ctx, given));
    await expect(save(ann, team, randomUUID(), ["submissions.approve"])).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      save(ann, team, roleId, ["roles.manage", "submissions.publish"]),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(save(ann, team, await team.roleId("Editor"), [])).rejects.toMatchObject({
      code: "forbidden",
    });
    await save(ann, team, randomUUID(), ["submissions.read"]);
    await rig.site.contexts.write(ben)((ctx) => takeRole(ctx, given));
    expect((await standing(ann, team)).permissions).toEqual([]);
  });

  test("of owners cannot be changed, and one owner is kept", async () => {
    const team = await rig.found(ben);
    const owner = await team.roleId("Owner");
    await expect(save(ben, team, owner, [])).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      rig.site.contexts.write(ben)((ctx) => deleteRole(ctx, { ...team, roleId: owner })),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      rig.site.contexts.write(ben)((ctx) => leavePublication(ctx, team)),
    ).rejects.toMatchObject({ code: "conflict" });
    await expect(
      rig.site.contexts.write(ben)((ctx) =>
        takeRole(ctx, { ...team, userId: ben.userId, roleId: owner }),
      ),
    ).rejects.toMatchObject({ code: "conflict" });
    await team.join(ann, "Owner");
    await rig.site.contexts.write(ben)((ctx) => leavePublication(ctx, team));
    expect((await standing(ben, team)).isMember).toBe(false);
  });
});

describe("the removal of a member", () => {
  test("ends their reading, withdraws their submissions, releases their tasks and moves the channels of the team", async () => {
    const team = await rig.found(ben);
    await team.join(ann, "Writer", "Reviewer");
    await team.join(rea, "Writer");
    const own = await team.submit(ann);
    const others = await team.submit(ben);
    await team.step(ann, others.submissionId, "start-review");
    await rig.site.newSignals();
    await rig.site.contexts.write(ben)((ctx) => removeMember(ctx, { ...team, userId: ann.userId }));
    const moved = (await rig.site.newSignals())
      .filter(({ name }) => name === "querycast.moved")
      .map(({ channel }) => channel);
    expect(moved.sort()).toEqual(
      [
        `chart.${team.publicationId}`,
        `chat.${team.publicationId}`,
        `desk.${team.publicationId}`,
        `submission.${others.submissionId}`,
        `submission.${own.submissionId}`,
        `team.${team.publicationId}`,
      ].sort(),
    );
    expect(await standing(ann, team)).toEqual({ isMember: false, permissions: [] });
    expect(await rig.site.contexts.read(ann)((ctx) => listMembers(ctx, team))).toEqual([]);
    for (const { submissionId } of [own, others]) {
      await expect(readSubmission(rig.site, ann, submissionId)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect((await readSubmission(rig.site, ben, own.submissionId)).state).toBe("withdrawn");
    const { tasks } = await readSubmission(rig.site, ben, others.submissionId);
    expect(tasks.filter(({ status }) => status === "open").map(({ assignee }) => assignee)).toEqual(
      [null, null],
    );
  });

  test("requires the right to take each of their roles", async () => {
    const team = await rig.found(ben);
    await team.join(ann, "Writer");
    await team.join(rea, "Writer");
    const remove = (by: Member, who: Member) =>
      rig.site.contexts.write(by)((ctx) => removeMember(ctx, { ...team, userId: who.userId }));
    await expect(remove(rea, ann)).rejects.toMatchObject({ code: "forbidden" });
    await rig.site.owner`update publication_roles set permissions = '{members.manage}'
      where publication_id = ${team.publicationId} and name = 'Moderator'`;
    await team.join(rea, "Moderator");
    await expect(remove(rea, ben)).rejects.toMatchObject({ code: "forbidden" });
    await remove(rea, ann);
    expect((await standing(ann, team)).isMember).toBe(false);
  });

  test("a publication and an account are deleted with all that belongs to them", async () => {
    const team = await rig.found(ben);
    await team.join(rea, "Writer");
    const { submissionId } = await team.submit(ann).catch(() => ({ submissionId: null }));
    expect(submissionId).toBeNull(); // ann is no member
    await team.join(ann, "Writer");
    await team.submit(ann);
    await rig.site.owner`delete from publications where id = ${team.publicationId}`;
    const [left] = await rig.site.owner`select count(*)::int from submissions
      where publication_id = ${team.publicationId}`;
    expect(left?.count).toBe(0);
    const other = await rig.found(kay);
    await rig.site.owner.begin(async (tx) => {
      await tx`update users set role = 'admin' where id = ${ben.userId}`;
      await tx`delete from users where id = ${kay.userId}`;
      const rows =
        await tx`select from publication_members where publication_id = ${other.publicationId}`;
      expect(rows).toHaveLength(0);
    });
  });
});
