import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import { foundPublication } from "../../support/rigs/publications-rig.ts";
import {
  createRolloutRig,
  follow,
  isIn,
  memberOf,
  type RolloutRig,
  received,
} from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { createSiteStreams } from "../../support/site/site-streams.ts";

/** The channels of publications, through the route, the relay and a real broker or streams, over the site's own policies. */

const { ann, ben, kay, rea } = viewers;

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

/** Ben owns, ann reviews, rea writes and has submitted. Kay, an admin of the site, is no member. */
async function newTeam() {
  const team = await foundPublication(rig.site, ben);
  await team.join(ann, "Reviewer");
  await team.join(rea, "Writer");
  const { submissionId, articleId } = await team.submit(ann);
  const { publicationId } = team;
  const names = {
    publication: channels.publication({ publicationId }).name,
    team: channels.team({ publicationId }).name,
    desk: channels.desk({ publicationId }).name,
    submission: channels.submission({ submissionId }).name,
  };
  return { ...team, submissionId, articleId, names };
}

test("S1.5 signals are filtered by membership, roles, e-mail and account of the session, not by what a request names, and a row without a team or a person reaches no client", async () => {
  const team = await newTeam();
  const own = channels.user({ userId: ann.userId }).name;
  const asked = [...Object.values(team.names), own];
  const answers = async (viewer: Parameters<typeof memberOf>[0]) =>
    (await rig.join(memberOf(viewer), ...asked)).map((status) => status === "joined");
  //                                   publication team  desk  submission ann's own
  expect(await answers(ben)).toEqual([true, true, true, true, false]);
  expect(await answers(ann)).toEqual([true, true, true, true, true]);
  expect(await answers(rea)).toEqual([true, true, false, false, false]);
  expect(await answers(kay)).toEqual([true, false, false, false, false]);

  await rig.site.newSignals();
  // An article without a publication, and a task without an assignee.
  await rig.site.owner`update articles set title = title || '.' where id = ${team.articleId}`;
  await rig.site.owner`update submission_tasks set assignee_id = null, created_at = created_at
    where submission_id = ${team.submissionId} and kind = 'review'`;
  const told = (await rig.site.newSignals()).map(({ channel, name }) => `${channel} ${name}`);
  expect(told.filter((each) => each.startsWith("publication."))).toEqual([]);
  expect(told.filter((each) => each.includes("task.")).sort()).toEqual([
    `${team.names.desk} task.updated`,
    `${team.names.submission} task.updated`,
    // The author of the submission.
    `${own} task.updated`,
  ]);

  // An invitation reaches the account that has its e-mail. Without one it reaches the team alone.
  const invited = async (email: string) => {
    await rig.site.owner`
      insert into publication_invitations (publication_id, email, role_id, token_hash, invited_by, expires_at)
      values (${team.publicationId}, ${email}, ${await team.roleId("Writer")}, ${email}, ${ben.userId}, now())`;
    return (await rig.site.newSignals()).map(({ channel }) => channel).sort();
  };
  const ofKay = channels.user({ userId: kay.userId }).name;
  expect(await invited("kay@example.org")).toEqual([team.names.team, ofKay].sort());
  expect(await invited("unknown@example.org")).toEqual([team.names.team]);
});

test("S1.6 removal from the team ends its signals, for a hostile socket too, and the removal itself still reaches the removed member", async () => {
  const team = await newTeam();
  const { publicationId, names } = team;
  const roleId = await team.roleId("Moderator");
  const { client } = await rig.openBrowser(memberOf(ann));
  const ofTeam = follow(client, channels.team({ publicationId }));
  const own = follow(client, channels.user({ userId: ann.userId }));
  const { client: owners } = await rig.openBrowser(memberOf(ben));
  const kept = follow(owners, channels.team({ publicationId }));
  await Promise.all([isIn(client, "live"), isIn(owners, "live")]);
  const hostile = await rig.eavesdrop([names.team, names.desk, names.submission]);

  await rig.site.owner`update publication_roles set name = 'Before' where id = ${roleId}`;
  await vi.waitFor(() => {
    for (const told of [ofTeam, kept, received(hostile)]) expect(told).toContain("role.updated");
  });

  const before = hostile.frames.length;
  await rig.site.contexts.write(ben)((ctx) =>
    removeMember(ctx, { publicationId, userId: ann.userId }),
  );
  await vi.waitFor(() => {
    expect(kept).toContain("member.left");
    expect(own).toContain("membership.ended");
  });
  const receivedOfTeam = ofTeam.length;
  for (let index = 0; index < 1_000; index += 1) {
    await rig.site
      .owner`update publication_roles set name = ${`Name ${index}`} where id = ${roleId}`;
  }
  await rig.site
    .owner`update submissions set text_changed_at = now() where id = ${team.submissionId}`;
  await rig.site
    .owner`insert into publication_roles (publication_id, name) values (${publicationId}, 'Last')`;
  await vi.waitFor(() => expect(kept).toContain("role.created"), { timeout: 20_000 });
  const after = hostile.frames.slice(before).map(({ name }) => name);
  expect(after.filter((name) => name !== "querycast.moved")).toEqual([]);
  // A gap makes its page read again, which is refused.
  expect(ofTeam.slice(receivedOfTeam).filter((told) => told !== "gap")).toEqual([]);
  expect(await rig.join(memberOf(ann), names.team, names.desk, names.submission)).toEqual([
    "denied",
    "denied",
    "denied",
  ]);
}, 60_000);

test("S1.6 over streams, removal from the team ends the signals of team, desk and submission for a hostile client, which receives 0 of 1,000, and the removal itself still reaches it", async () => {
  const team = await newTeam();
  const { publicationId, names, submissionId } = team;
  const roleId = await team.roleId("Moderator");
  const streams = await createSiteStreams(rig.site);
  onTestFinished(streams.close);
  const writes = [
    (n: number) =>
      rig.site.owner`update publication_roles set name = ${`Name ${n}`} where id = ${roleId}`,
    (n: number) => rig.site.owner`
      update submissions set text_changed_at = to_timestamp(${n}) where id = ${submissionId}`,
    (n: number) => rig.site.owner`
      update submission_tasks set created_at = to_timestamp(${n})
      where submission_id = ${submissionId}`,
  ];
  const owners = streams.openBrowser(memberOf(ben));
  const refs = [
    channels.team({ publicationId }),
    channels.desk({ publicationId }),
    channels.submission({ submissionId }),
  ];
  const kept = refs.map((ref) => follow(owners, ref));
  await isIn(owners, "live");
  const own = channels.user({ userId: ann.userId }).name;
  const teamNames = [names.team, names.desk, names.submission];
  const hostile = await streams.openHostile(memberOf(ann), [...teamNames, own]);
  const receivedOn = (name: string) =>
    hostile
      .signals()
      .filter(([wireName, event]) => wireName.includes(name) && event !== "querycast.moved")
      .map(([, event]) => event);

  for (const write of writes) await write(0);
  await vi.waitFor(() => {
    for (const name of teamNames) expect(receivedOn(name)).not.toEqual([]);
  }, 10_000);

  await rig.site.contexts.write(ben)((ctx) =>
    removeMember(ctx, { publicationId, userId: ann.userId }),
  );
  await vi.waitFor(() => {
    expect(kept[0]).toContain("member.left");
    expect(receivedOn(own)).toContain("membership.ended");
  }, 10_000);
  const before = teamNames.map((name) => receivedOn(name).length);
  // A second stream with the signatures from before the removal.
  await hostile.reopen();
  const keptBefore = kept.map((told) => told.length);
  for (let n = 1; n <= 1_000; n += 1) await writes[n % writes.length]?.(n);
  await rig.site
    .owner`insert into publication_roles (publication_id, name) values (${publicationId}, 'Last')`;
  await vi.waitFor(() => expect(kept[0]).toContain("role.created"), 20_000);
  // The writes were delivered on each channel, to the member.
  for (const [index, told] of kept.entries()) {
    expect(told.length).toBeGreaterThan(keptBefore[index] ?? 0);
  }
  // Both streams of the hostile client are open: each receives the change of its own article.
  await rig.site.owner`update articles set title = title || '.' where id = ${team.articleId}`;
  const ofArticle = () => receivedOn(own).filter((event) => event === "article.updated");
  await vi.waitFor(() => expect(ofArticle()).toHaveLength(2), 10_000);
  expect(teamNames.map((name) => receivedOn(name).length)).toEqual(before);
}, 60_000);

test("S1.11 a step publishes its signals in the surprising order of nested triggers, with ids only, and a page that reads again at any of them ends right", async () => {
  const team = await newTeam();
  await rig.site.newSignals();
  await team.step(ben, team.submissionId, "start-review");
  const told = (await rig.site.newSignals()).filter(({ channel }) => channel === names(team));
  // The tasks are written by a trigger of the submission, so their statements end before the one that fired it.
  expect(told.map(({ name }) => name)).toEqual([
    "task.created",
    "task.updated",
    "submission.updated",
  ]);
  for (const { ids } of told) {
    expect(Object.keys(ids ?? {})).toEqual([expect.stringMatching(/^(task|submission)Id$/)]);
  }

  // The page reads at every signal, also when they arrive in the other order.
  const { client } = await rig.openBrowser(memberOf(ben));
  const seen: unknown[] = [];
  client.subscribe(channels.submission({ submissionId: team.submissionId }), {
    signal: async () => {
      const [row] = await rig.site.owner`
        select state, (select array_agg(kind order by kind) from submission_tasks
          where submission_id = submissions.id and status = 'open') as tasks
        from submissions where id = ${team.submissionId}`;
      seen.push(row);
    },
    gap: () => {},
  });
  await isIn(client, "live");
  await team.step(ben, team.submissionId, "approve");
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(1));
  for (const row of seen) expect(row).toEqual({ state: "approved", tasks: ["publish"] });
});

const names = ({ submissionId }: { readonly submissionId: string }) =>
  channels.submission({ submissionId }).name;
