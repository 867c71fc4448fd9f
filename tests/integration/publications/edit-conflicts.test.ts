import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getPublication } from "@/features/publications/get-publication.ts";
import { updatePublication } from "@/features/publications/update-publication.ts";
import { deleteRole } from "@/features/teams/roles/delete-role.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { saveRole } from "@/features/teams/roles/save-role.ts";
import type { SaveRoleInput } from "@/features/teams/schema.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

/** A publication with two owners, and its role Editor as both of them have opened it. */
async function openRole() {
  const team = await rig.found(ben);
  await team.join(ann, "Owner");
  const { publicationId } = team;
  const roleId = await team.roleId("Editor");
  const editor = async () => {
    const roles = await rig.site.contexts.read(ben)((ctx) => listRoles(ctx, { publicationId }));
    const role = roles.find(({ id }) => id === roleId);
    return role && { name: role.name, permissions: [...role.permissions] };
  };
  const save = (by: Member, role: Omit<SaveRoleInput, "publicationId" | "roleId">) =>
    rig.site.contexts.write(by)((ctx) => saveRole(ctx, { publicationId, roleId, ...role }));
  const opened = await editor();
  if (opened === undefined) throw new Error("A new publication has a role Editor.");
  return { publicationId, roleId, editor, save, opened };
}

test("a role that another member changed is not overwritten: the removed permission stays removed", async () => {
  const { editor, save, opened } = await openRole();
  const permissions = opened.permissions.filter((each) => each !== "submissions.approve");
  await save(ann, { name: "Editor", permissions, basedOn: opened });
  await expect(
    save(ben, { name: "Editors", permissions: opened.permissions, basedOn: opened }),
  ).rejects.toMatchObject({ code: "conflict" });
  expect(await editor()).toEqual({ name: "Editor", permissions });

  await save(ben, { name: "Editors", permissions, basedOn: { name: "Editor", permissions } });
  expect(await editor()).toEqual({ name: "Editors", permissions });
});

test("a role that is saved again after a lost response changes nothing, and a deleted role is not created again", async () => {
  const { publicationId, roleId, editor, save, opened } = await openRole();
  const renamed = { name: "Editors", permissions: opened.permissions };
  for (let attempt = 0; attempt < 2; attempt += 1) await save(ben, { ...renamed, basedOn: opened });
  expect(await editor()).toEqual(renamed);

  const added = { publicationId, roleId: randomUUID(), name: "Host", permissions: [] };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await rig.site.contexts.write(ben)((ctx) => saveRole(ctx, { ...added, basedOn: null }));
  }
  await rig.site.contexts.write(ann)((ctx) => deleteRole(ctx, { publicationId, roleId }));
  await expect(save(ben, { ...opened, basedOn: renamed })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await editor()).toBeUndefined();
});

test("name and description that another member changed are not overwritten", async () => {
  const { publicationId } = await openRole();
  const opened = { name: "Paper", description: "" };
  const save = (by: Member, values: typeof opened, basedOn = opened) =>
    rig.site.contexts.write(by)((ctx) =>
      updatePublication(ctx, { publicationId, ...values, basedOn }),
    );
  const described = { name: "Paper", description: "News." };
  await save(ann, described);
  await save(ann, described);
  await expect(save(ben, { name: "The paper", description: "" })).rejects.toMatchObject({
    code: "conflict",
  });
  await save(ben, { name: "The paper", description: "News." }, described);
  const stored = await rig.site.contexts.read(ben)((ctx) => getPublication(ctx, { publicationId }));
  expect(stored).toMatchObject({ name: "The paper", description: "News." });
});
