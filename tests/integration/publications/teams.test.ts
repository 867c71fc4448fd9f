import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPublication } from "@/features/publications/create-publication.ts";
import { leavePublication } from "@/features/publications/leave-publication.ts";
import { listPublications } from "@/features/publications/list-publications.ts";
import { createPublicationInput } from "@/features/publications/schema.ts";
import { updatePublication } from "@/features/publications/update-publication.ts";
import { listInvitations } from "@/features/teams/invitations/list-invitations.ts";
import { listMembers } from "@/features/teams/list-members.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import { deleteRole } from "@/features/teams/roles/delete-role.ts";
import { giveRole } from "@/features/teams/roles/give-role.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { saveRole } from "@/features/teams/roles/save-role.ts";
import { takeRole } from "@/features/teams/roles/take-role.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import {
  createPublicationsRig,
  type Member,
  readSubmission,
} from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Team = Awaited<ReturnType<typeof rig.found>>;
const read = <Result>(
  viewer: Member | typeof anonymous,
  action: Parameters<ReturnType<typeof rig.site.contexts.read>>[0],
) => rig.site.contexts.read(viewer)(action) as Promise<Result>;

describe("a publication", () => {
  test("belongs to its founder, has roles, and exists once per id and address", async () => {
    const team = await rig.found(ben);
    const { permissions, isMember } = await team.standing(ben);
    expect([isMember, permissions.length]).toEqual([true, 8]);
    const roles = await rig.site.contexts.read(ben)((ctx) => listRoles(ctx, team));
    expect(roles.filter(({ isHeld }) => isHeld).map(({ name }) => name)).toEqual(["Owner"]);
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
    // A form that is sent again with other content, after its answer was lost, is not taken for saved.
    for (const other of [{ slug: `${team.slug}-2` }, { name: "Other" }, { description: "Other" }]) {
      const changed = rig.site.contexts.write(ben)((ctx) =>
        createPublication(ctx, { ...again, ...other }),
      );
      await expect(changed).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining(`/publications/${team.slug}.`),
      });
    }
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
          basedOn: { name: "Paper", description: "" },
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

  test("in a list of the 1,000 members who joined first, and by a search the others", async () => {
    const team = await rig.found(ben);
    await rig.site.owner.begin(async (tx) => {
      const people = await tx`
        insert into users (handle, name) select 'crowd' || n, 'Crowd'
        from generate_series(1, 1000) as n returning id`;
      await tx`insert into publication_members (publication_id, user_id)
        select ${team.publicationId}, id::uuid from unnest(${people.map(({ id }) => id)}::text[]) as id`;
    });
    const members = await rig.site.contexts.read(ben)((ctx) => listMembers(ctx, team));
    expect(members).toHaveLength(1_000);
    expect(members[0]?.handle).toBe("ben");
    // Another member is found by a part of the name or the handle. Signs of patterns stand for themselves.
    await team.join(ann, "Writer");
    await rig.site.owner`update publication_members set joined_at = now() + interval '1 second'
      where publication_id = ${team.publicationId} and user_id = ${ann.userId}`;
    const search = async (text: string) => {
      const found = await rig.site.contexts.read(ben)((ctx) =>
        listMembers(ctx, { ...team, search: text }),
      );
      return found.map(({ handle, roles }) => [handle, ...roles.map(({ name }) => name)]);
    };
    expect(members.map(({ handle }) => handle)).not.toContain("ann");
    expect(await search("ANN")).toEqual([["ann", "Writer"]]);
    expect(await search("rowd999")).toEqual([["crowd999"]]);
    expect(await search("%")).toEqual([]);
  });
});

describe("roles", () => {
  const save = async (
    by: Member,
    team: Team,
    roleId: string,
    permissions: readonly Permission[],
  ) => {
    const [stored] = await rig.site.owner<{ name: string; permissions: Permission[] }[]>`
      select name, permissions from publication_roles where id = ${roleId}`;
    await rig.site.contexts.write(by)((ctx) =>
      saveRole(ctx, {
        publicationId: team.publicationId,
        roleId,
        name: `Role ${roleId}`.slice(0, 40),
        permissions: [...permissions],
        basedOn: stored ?? null,
      }),
    );
  };

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
    expect((await team.standing(ann)).permissions).toEqual([]);
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
    expect((await team.standing(ben)).isMember).toBe(false);
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
        `figures.editor.${team.publicationId}`,
        `figures.member.${team.publicationId}`,
        `submission.${others.submissionId}`,
        `submission.${own.submissionId}`,
        `team.${team.publicationId}`,
      ].sort(),
    );
    expect(await team.standing(ann)).toEqual({ isMember: false, permissions: [] });
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
    expect((await team.standing(ann)).isMember).toBe(false);
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
