import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { submissions } from "@/db/schema.ts";
import { restoreArticle } from "@/features/articles/write/restore-article.ts";
import { scheduleDeletion } from "@/features/articles/write/schedule-deletion.ts";
import { listPublished } from "@/features/publications/list-published.ts";
import { listSubmissions } from "@/features/submissions/list-submissions.ts";
import { propose } from "@/features/submissions/propose.ts";
import { isPossible, stepNames, steps, submissionStates } from "@/lib/publications/process.ts";
import {
  createPublicationsRig,
  type Member,
  readSubmission,
} from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

const stateOf = async (member: Member, id: string) =>
  (await readSubmission(rig.site, member, id)).state;
const openTasks = async (id: string) => {
  const rows = await rig.site.owner`
    select kind, permission, assignee_id from submission_tasks
    where submission_id = ${id} and status = 'open' order by kind`;
  return rows.map((row) => [row.kind, row.permission, row.assignee_id]);
};

test("an article goes from draft to published through review, changes and approval, and each step creates the tasks of the next", async () => {
  const team = await rig.foundStaffed();
  const { submissionId: id, articleId } = await team.submit(ann, true);
  expect(await openTasks(id)).toEqual([["submit", null, ann.userId]]);
  await team.step(ann, id, "submit", { note: "Please." });
  expect(await openTasks(id)).toEqual([["review", "submissions.review", null]]);
  await team.step(rea, id, "start-review");
  expect(await openTasks(id)).toEqual([
    ["approve", "submissions.approve", null],
    ["review", "submissions.review", rea.userId],
  ]);
  await team.step(rea, id, "request-changes", { note: "Shorter." });
  expect(await openTasks(id)).toEqual([["revise", null, ann.userId]]);
  await team.step(ann, id, "resubmit");
  expect(await openTasks(id)).toEqual([["review", "submissions.review", rea.userId]]);
  await team.step(rea, id, "start-review");
  await team.step(kay, id, "approve");
  expect(await openTasks(id)).toEqual([["publish", "submissions.publish", null]]);
  await team.step(kay, id, "publish");
  expect(await openTasks(id)).toEqual([]);

  const { events, state } = await readSubmission(rig.site, ann, id);
  expect(state).toBe("published");
  expect(events.map(({ toState, actor, note }) => [toState, actor?.handle, note])).toEqual([
    ["draft", "ann", ""],
    ["submitted", "ann", "Please."],
    ["in_review", "rea", ""],
    ["changes_requested", "rea", "Shorter."],
    ["resubmitted", "ann", ""],
    ["in_review", "rea", ""],
    ["approved", "kay", ""],
    ["published", "kay", ""],
  ]);
  const published = await rig.site.contexts.read(viewers.anonymous)((ctx) =>
    listPublished(ctx, { publicationId: team.publicationId }),
  );
  expect(published.map((article) => article.id)).toEqual([articleId]);
});

test("the database allows exactly the transitions of the process", async () => {
  const team = await rig.foundStaffed();
  const { submissionId: id } = await team.submit(ann);
  const allowed: string[] = [];
  for (const from of submissionStates) {
    for (const to of submissionStates) {
      const outcome = await rig.site.owner
        .begin(async (tx) => {
          await tx`alter table submissions disable trigger user`;
          await tx`update submissions set state = ${from},
            scheduled_for = case when ${from} = 'scheduled' then now() end,
            approved_version = (select updated_at from articles where id = article_id)
            where id = ${id}`;
          await tx`alter table submissions enable trigger user`;
          await tx`update submissions set state = ${to},
            scheduled_for = case when ${to} = 'scheduled' then now() end where id = ${id}`;
          throw new Error("undo");
        })
        .catch((error: { message: string; code?: string }) => error.code ?? error.message);
      if (outcome === "undo") allowed.push(`${from} ${to}`);
      else expect(outcome).toBe("23514");
    }
  }
  const wanted = submissionStates.flatMap((from) =>
    stepNames.filter((name) => isPossible(name, from)).map((name) => `${from} ${steps[name].to}`),
  );
  expect(allowed.sort()).toEqual(wanted.sort());
});

describe("S2.12 seeing and deciding are separate", () => {
  test("S2.12 a moderator who sees everything can take no step, by the action or by SQL, and no member publishes what was not approved in a review", async () => {
    const team = await rig.foundStaffed();
    await rig.site.owner`delete from publication_member_roles
      where publication_id = ${team.publicationId} and user_id = ${kay.userId}`;
    await team.join(kay, "Moderator");
    const { submissionId: id } = await team.submit(ann);
    const seen = await rig.site.contexts.read(kay)((ctx) =>
      listSubmissions(ctx, { publicationId: team.publicationId }),
    );
    expect(seen.map((submission) => submission.id)).toEqual([id]);
    expect((await readSubmission(rig.site, kay, id)).body).toBe("Words.");

    for (const state of ["submitted", "in_review", "approved"] as const) {
      for (const step of stepNames) {
        await expect(team.step(kay, id, step, { note: "x" })).rejects.toMatchObject({
          code: "forbidden",
        });
      }
      const written = await rig.site.database.writeAs(kay, async (tx) => {
        const counts = [];
        for (const to of submissionStates) {
          const { count } = await tx
            .update(submissions)
            .set({ state: to })
            .where(sql`${submissions.id} = ${id}`);
          counts.push(count);
        }
        return counts;
      });
      expect(new Set(written)).toEqual(new Set([0]));
      if (state === "submitted") await team.step(rea, id, "start-review");
      if (state === "in_review") await team.step(ben, id, "approve");
    }
    expect(await stateOf(kay, id)).toBe("approved");

    // With the right to publish, but before a review has approved it.
    await rig.site
      .owner`update publication_roles set permissions = '{submissions.read,submissions.publish}'
      where publication_id = ${team.publicationId} and name = 'Moderator'`;
    const other = await team.submit(ann);
    await expect(team.step(kay, other.submissionId, "publish")).rejects.toMatchObject({
      code: "conflict",
    });
    const forced = rig.site.database.writeAs(kay, (tx) =>
      tx
        .update(submissions)
        .set({ state: "published" })
        .where(sql`${submissions.id} = ${other.submissionId}`),
    );
    await expect(forced).rejects.toMatchObject({ cause: { code: "23514" } });
    await expect(team.step(kay, other.submissionId, "approve")).rejects.toMatchObject({
      code: "forbidden",
    });
    const approving = rig.site.database.writeAs(kay, (tx) =>
      tx
        .update(submissions)
        .set({ state: "approved" })
        .where(sql`${submissions.id} = ${other.submissionId}`),
    );
    await expect(approving).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/^(42501|23514)$/) },
    });
    expect(await stateOf(ann, other.submissionId)).toBe("submitted");
  });

  test("a reviewer cannot approve, and an owner cannot decide about an own article", async () => {
    const team = await rig.foundStaffed();
    const { submissionId: id } = await team.submit(ann);
    await team.step(rea, id, "start-review");
    await expect(team.step(rea, id, "approve")).rejects.toMatchObject({ code: "forbidden" });
    const own = await team.submit(ben);
    for (const step of ["start-review", "approve", "publish"] as const) {
      await expect(team.step(ben, own.submissionId, step)).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const written = rig.site.database.writeAs(ben, (tx) =>
      tx.update(submissions).set({ state: "in_review" }).where(sql`id = ${own.submissionId}`),
    );
    await expect(written).rejects.toMatchObject({ cause: { code: "42501" } });
  });
});

test("a draft is read by its author only, and other members who may not read submissions see none", async () => {
  const team = await rig.foundStaffed();
  const draft = await team.submit(ann, true);
  await expect(readSubmission(rig.site, kay, draft.submissionId)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await stateOf(ann, draft.submissionId)).toBe("draft");
  await team.step(ann, draft.submissionId, "submit");
  expect(await stateOf(kay, draft.submissionId)).toBe("submitted");
  await rig.site.owner`delete from publication_member_roles
    where publication_id = ${team.publicationId} and user_id = ${rea.userId}`;
  await expect(readSubmission(rig.site, rea, draft.submissionId)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a text that was changed since it was read is not approved, and one changed after its approval is not published", async () => {
  const team = await rig.foundStaffed();
  const { submissionId: id, articleId } = await team.submit(ann);
  const edit = () =>
    rig.site
      .owner`update articles set body = body || '.', updated_at = clock_timestamp() where id = ${articleId}`;
  await team.step(rea, id, "start-review");
  const { article } = await readSubmission(rig.site, kay, id);
  await edit();
  await expect(team.step(kay, id, "approve", { version: article.version })).rejects.toMatchObject({
    code: "conflict",
  });
  await team.step(kay, id, "approve");
  await edit();
  await expect(team.step(kay, id, "publish")).rejects.toMatchObject({ code: "conflict" });
  await team.step(rea, id, "review-again");
  await team.step(kay, id, "approve");
  await team.step(kay, id, "publish");
  expect(await stateOf(ann, id)).toBe("published");
});

test("the deletion of an article withdraws its submission in every state, and the author submits it again after restoring it", async () => {
  const team = await rig.foundStaffed();
  const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
  const [drafted, submitted, scheduled] = [
    await team.submit(ann, true),
    await team.submit(ann),
    await team.submit(ann),
  ];
  await team.step(rea, scheduled.submissionId, "start-review");
  await team.step(kay, scheduled.submissionId, "approve");
  await team.step(kay, scheduled.submissionId, "schedule", { scheduledFor });
  for (const { submissionId, articleId } of [drafted, submitted, scheduled]) {
    await rig.site.contexts.write(ann)((ctx) => scheduleDeletion(ctx, { articleId }));
    const { state, events } = await readSubmission(rig.site, ann, submissionId);
    expect(state).toBe("withdrawn");
    expect(events.at(-1)).toMatchObject({
      actor: { handle: "ann" },
      note: "The author deleted the article.",
    });
    expect(await openTasks(submissionId)).toEqual([]);
  }
  const { articleId } = submitted;
  await rig.site.contexts.write(ann)((ctx) => restoreArticle(ctx, { articleId }));
  const submissionId = randomUUID();
  await rig.site.contexts.write(ann)((ctx) =>
    propose(ctx, { ...team, articleId, submissionId, note: "", isDraft: false }),
  );
  expect(await stateOf(kay, submissionId)).toBe("submitted");
});

test("an article that its author unpublishes is no longer of the publication", async () => {
  const team = await rig.foundStaffed();
  const { submissionId: id, articleId } = await team.submit(ann);
  await team.step(rea, id, "start-review");
  await team.step(kay, id, "approve");
  await team.step(kay, id, "publish");
  await rig.site.database.writeAs(ann, (tx) =>
    tx.execute(sql`update articles set published_at = null where id = ${articleId}`),
  );
  const [row] = await rig.site.owner`select publication_id from articles where id = ${articleId}`;
  expect(row?.publication_id).toBeNull();
  const claimed = rig.site.database.writeAs(ann, (tx) =>
    tx.execute(
      sql`update articles set publication_id = ${team.publicationId} where id = ${articleId}`,
    ),
  );
  await expect(claimed).rejects.toMatchObject({ cause: { code: "42501" } });
});
