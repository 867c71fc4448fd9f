import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { deletePublication } from "@/features/publications/delete-publication.ts";
import { getDeletion } from "@/features/publications/get-deletion.ts";
import { findPublication } from "@/features/publications/get-publication.ts";
import { clearances } from "@/lib/evidence/observation.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

type Team = Awaited<ReturnType<typeof rig.found>>;

const remove = (by: Member, { publicationId }: Team, name = "Paper") =>
  rig.site.contexts.write(by)((ctx) => deletePublication(ctx, { publicationId, name }));
const exists = async ({ slug }: Team) =>
  (await rig.site.contexts.read(anonymous)((ctx) => findPublication(ctx, { slug }))) !== null;

/** Ben owns. Ann writes and has an unfinished and a published submission. Rea reviews. Kay is invited. */
async function newTeam() {
  const team = await rig.found(ben);
  await team.join(ann, "Writer");
  await team.join(rea, "Reviewer");
  const open = await team.submit(ann);
  await team.step(rea, open.submissionId, "start-review");
  const done = await team.submit(ann);
  for (const step of ["start-review", "approve", "publish"] as const) {
    await team.step(ben, done.submissionId, step);
  }
  const { invitationId } = await team.invite(ben, "kay@example.org");
  const notify = { causeType: "invitation", causeId: invitationId } as const;
  await rig.site.contexts.job((ctx) => persistNotification(ctx, notify));
  return { ...team, open, done, invitationId };
}

test("an owner deletes a publication with all that belongs to it in one transaction; published articles stay with their authors", async () => {
  const team = await newTeam();
  const { publicationId } = team;
  expect(await rig.site.contexts.read(ben)((ctx) => getDeletion(ctx, { publicationId }))).toEqual({
    isOwner: true,
    members: 3,
    submissions: 2,
    invitations: 1,
    messages: 0,
    articles: 1,
    observations: 0,
  });
  await rig.site.newSignals();
  await remove(ben, team);
  expect(await exists(team)).toBe(false);
  for (const table of [
    ...["publication_roles", "publication_members", "publication_member_roles"],
    ...["publication_invitations", "submissions", "submission_tasks", "evidence_feeds"],
    ...["analyst_answers", "chat_messages", "chat_contents", "reader_minutes", "desk_visits"],
  ]) {
    const rows = await rig.site
      .owner`select from ${rig.site.owner(table)} where publication_id = ${publicationId}`;
    expect([table, rows.length]).toEqual([table, 0]);
  }
  const [article] = await rig.site.owner`
    select publication_id, published_at is not null as is_published, author_id
    from articles where id = ${team.done.articleId}`;
  expect(article).toEqual({ publication_id: null, is_published: true, author_id: ann.userId });
  const [draft] = await rig.site.owner`
    select published_at from articles where id = ${team.open.articleId}`;
  expect(draft).toEqual({ published_at: null });
});

test("a deletion reaches each person it concerns on their own channel, and moves every channel of the publication", async () => {
  const team = await newTeam();
  const { publicationId } = team;
  await rig.site.newSignals();
  await remove(ben, team);
  const signals = await rig.site.newSignals();
  const receivedBy = ({ userId }: Member) =>
    signals
      .filter(({ channel }) => channel === channels.user({ userId }).name)
      .map(({ name }) => name);
  for (const member of [ann, ben, rea]) expect(receivedBy(member)).toContain("membership.ended");
  expect(receivedBy(ann)).toContain("submission.deleted");
  expect(receivedBy(rea)).toContain("task.deleted");
  expect(receivedBy(kay)).toEqual(
    expect.arrayContaining(["invitation.deleted", "notification.deleted"]),
  );
  const moved = signals
    .filter(({ name }) => name === "querycast.moved")
    .map(({ channel }) => channel);
  const { submissionId } = team.open;
  expect(moved).toEqual(
    expect.arrayContaining([
      ...(["publication", "team", "desk", "chat", "chart"] as const).map(
        (kind) => channels[kind]({ publicationId }).name,
      ),
      ...clearances.map((clearance) => channels.figures({ clearance, publicationId }).name),
      channels.submission({ submissionId }).name,
    ]),
  );
  // Rows that refer to the publication publish nothing on its channels. Roles of members refer to their member, and
  // articles are changed; no viewer can join the channels any more.
  const rest = signals
    .filter(({ channel, name }) => channel.endsWith(publicationId) && name !== "querycast.moved")
    .map(({ channel, name }) => `${channel.split(".")[0]} ${name}`);
  expect(rest.sort()).toEqual(["publication feed.changed", "team member.role-taken"]);
});

test("only an owner deletes a publication, by typing its name: not members with other roles, people outside, or admins of the site", async () => {
  const team = await newTeam();
  const { publicationId } = team;
  await team.join(kay, "Editor");
  for (const other of [ann, rea, kay]) {
    await expect(remove(other, team)).rejects.toMatchObject({ code: "forbidden" });
    expect(
      await rig.site.contexts.read(other)((ctx) => getDeletion(ctx, { publicationId })),
    ).toMatchObject({ isOwner: false });
  }
  await expect(remove(ben, team, "paper")).rejects.toMatchObject({
    code: "invalid_input",
    fieldErrors: { name: ["Enter the name as it is written: Paper."] },
  });
  expect(await exists(team)).toBe(true);
  await remove(ben, team);
  await expect(remove(ben, team)).rejects.toMatchObject({ code: "forbidden" });
});

test("a publication with observations is not deleted, and the reason is given; nothing of it changes", async () => {
  const team = await newTeam();
  const { publicationId } = team;
  await rig.site.owner`
    insert into observations (publication_id, number, statement, source_name, event_at, ingested_at, clearance,
      ingest_key, previous_hash, hash, signature, key_id)
    values (${publicationId}, 1, 'The ferry left.', 'Harbour', now(), clock_timestamp(), 'editor', 'seed:1', '',
      ${"0".repeat(64)}, 'none', 'none')`;
  await rig.site.newSignals();
  await expect(remove(ben, team)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Observations are never deleted"),
  });
  expect(await exists(team)).toBe(true);
  expect(await rig.site.newSignals()).toEqual([]);
  expect(
    await rig.site.contexts.read(ben)((ctx) => getDeletion(ctx, { publicationId })),
  ).toMatchObject({ isOwner: true, members: 3, observations: 1 });
});
