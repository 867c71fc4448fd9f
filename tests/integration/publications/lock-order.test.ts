import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { lockOwnArticle } from "@/features/articles/write/own-article.ts";
import { removeDueArticles } from "@/features/articles/write/remove-due-articles.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { scheduleDeletion } from "@/features/articles/write/schedule-deletion.ts";
import { deletePublication } from "@/features/publications/delete-publication.ts";
import { propose } from "@/features/submissions/propose.ts";
import { takeStep } from "@/features/submissions/take-step.ts";
import { takeTask } from "@/features/submissions/take-task.ts";
import { answerInvitation } from "@/features/teams/invitations/answer-invitation.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import { deleteRole } from "@/features/teams/roles/delete-role.ts";
import { takeRole } from "@/features/teams/roles/take-role.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { createPublicationsRig } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

/** Number of transactions that wait for a lock. */
const waiting = async () => {
  const [row] = await rig.site.owner`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.count;
};
const oneWaits = () => vi.waitFor(async () => expect(await waiting()).toBe(1));
const statesOf = async (articleId: string) => {
  const rows = await rig.site.owner`select state from submissions where article_id = ${articleId}`;
  return rows.map(({ state }) => state);
};
/** The result of work that another transaction has to wait for, as a value. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: { code?: string; cause?: { code?: string } }) => error.code ?? error.cause?.code,
  );

test("an approval waits for a text that is being saved, and is then refused since the text has changed", async () => {
  const team = await rig.foundStaffed();
  const { submissionId, articleId } = await team.submit(ann);
  await team.step(rea, submissionId, "start-review");
  let approval: Promise<unknown> | undefined;
  await rig.site.contexts.write(ann)(async (ctx) => {
    const draft = await lockOwnArticle(ctx, articleId);
    approval = outcome(team.step(kay, submissionId, "approve"));
    await oneWaits();
    const { title, excerpt, slug, tagIds, version } = draft;
    const text = { title, excerpt, slug, tagIds, body: "Other words." };
    await saveArticle(ctx, { articleId, basedOn: version, ...text });
  });
  expect(await approval).toBe("conflict");
  const saved = await rig.site.contexts.read(ann)((ctx) => findDraft(ctx, { articleId }));
  expect(saved?.body).toBe("Other words.");
});

test("the removal of a due article waits for its author, who locks the submission first", async () => {
  const team = await rig.foundStaffed();
  const { articleId } = await team.submit(ann);
  // Without its trigger, which withdraws the submission: here both commit at the same time.
  await rig.site.owner`alter table articles disable trigger articles_deleted_withdraw`;
  await rig.site.owner`update articles set delete_at = now() where id = ${articleId}`;
  await rig.site.owner`alter table articles enable trigger articles_deleted_withdraw`;
  let removal: Promise<unknown> | undefined;
  await rig.site.contexts.write(ann)(async (ctx) => {
    await ctx.tx.execute(sql`select app.lock_open_submissions(array[${articleId}::uuid])`);
    removal = outcome(removeDueArticles(rig.site.contexts.job));
    await oneWaits();
    await lockOwnArticle(ctx, articleId);
  });
  expect(await removal).toBe("done");
});

test("an article is not submitted while its deletion is being committed", async () => {
  const team = await rig.foundStaffed();
  const articleId = await team.draft(ann);
  let proposal: Promise<unknown> | undefined;
  await rig.site.contexts.write(ann)(async (ctx) => {
    await scheduleDeletion(ctx, { articleId });
    proposal = outcome(team.propose(ann, articleId));
    await oneWaits();
  });
  expect(await proposal).toBe("forbidden");
  expect(await statesOf(articleId)).toEqual([]);
});

test("the deletion of an article waits for its submission, and withdraws it", async () => {
  const team = await rig.foundStaffed();
  const articleId = await team.draft(ann);
  let deletion: Promise<unknown> | undefined;
  await rig.site.contexts.write(ann)(async (ctx) => {
    const { publicationId } = team;
    const submission = { publicationId, submissionId: randomUUID(), articleId };
    await propose(ctx, { ...submission, note: "", isDraft: false });
    deletion = outcome(rig.site.contexts.write(ann)((own) => scheduleDeletion(own, { articleId })));
    await oneWaits();
  });
  expect(await deletion).toBe("done");
  expect(await statesOf(articleId)).toEqual(["withdrawn"]);
});

test("the deletion of a publication waits for a step of a submission that creates tasks", async () => {
  const team = await rig.foundStaffed();
  const { submissionId } = await team.submit(ann);
  const { publicationId } = team;
  let deletion: Promise<unknown> | undefined;
  await rig.site.contexts.write(rea)(async (ctx) => {
    await ctx.tx.execute(sql`select from submissions where id = ${submissionId} for update`);
    deletion = outcome(
      rig.site.contexts.write(ben)((own) =>
        deletePublication(own, { publicationId, name: "Paper" }),
      ),
    );
    await oneWaits();
    await takeStep(ctx, { submissionId, step: "start-review", note: "" });
  });
  expect(await deletion).toBe("done");
});

test("an invitation that is accepted waits for the deletion of its role", async () => {
  const team = await rig.found(ben);
  const { publicationId } = team;
  const { invitationId, token } = await team.invite(ben, "rea@example.org", "Moderator");
  const roleId = await team.roleId("Moderator");
  let answer: Promise<unknown> | undefined;
  await rig.site.contexts.write(ben)(async (ctx) => {
    await ctx.tx.execute(sql`select from publication_roles where id = ${roleId} for update`);
    answer = outcome(
      rig.site.contexts.write(rea)((own) =>
        answerInvitation(own, { invitationId, token, accepts: true }),
      ),
    );
    await oneWaits();
    await deleteRole(ctx, { publicationId, roleId });
  });
  expect(await answer).toBe("not_found");
});

test("a role is taken from a member while the deletion of the role waits for another member's row", async () => {
  const team = await rig.found(ben);
  const { publicationId } = team;
  for (const member of [ann, rea, kay]) await team.join(member, "Writer");
  const roleId = await team.roleId("Writer");
  let deletion: Promise<unknown> | undefined;
  let taking: Promise<unknown> | undefined;
  await rig.site.owner.begin(async (tx) => {
    await tx`select from publication_member_roles
      where role_id = ${roleId} and user_id = ${rea.userId} for update`;
    deletion = outcome(
      rig.site.contexts.write(ben)((ctx) => deleteRole(ctx, { publicationId, roleId })),
    );
    await oneWaits();
    const input = { publicationId, userId: kay.userId, roleId };
    let isTaken = false;
    taking = outcome(rig.site.contexts.write(ben)((ctx) => takeRole(ctx, input)));
    void taking.then(() => {
      isTaken = true;
    });
    await vi.waitFor(async () => expect(isTaken || (await waiting()) === 2).toBe(true));
  });
  expect([await taking, await deletion]).toEqual(["done", "done"]);
});

/** Waits until the work has settled or waits for a lock, so that a missing lock fails the test by its result. */
async function settledOrWaiting(work: Promise<unknown>): Promise<void> {
  let isSettled = false;
  void work.then(() => {
    isSettled = true;
  });
  await vi.waitFor(async () => expect(isSettled || (await waiting()) === 1).toBe(true));
}
const assigneesOf = async (submissionId: string) => {
  const rows = await rig.site.owner`
    select assignee_id from submission_tasks where submission_id = ${submissionId} and status = 'open'`;
  return rows.map((row) => row.assignee_id);
};

test("the removal of a member waits for an article that they submit, and withdraws it", async () => {
  const team = await rig.foundStaffed();
  const { publicationId } = team;
  const articleId = await team.draft(ann);
  let removal: Promise<unknown> | undefined;
  await rig.site.contexts.write(ann)(async (ctx) => {
    const submission = { publicationId, submissionId: randomUUID(), articleId };
    await propose(ctx, { ...submission, note: "", isDraft: false });
    removal = outcome(
      rig.site.contexts.write(ben)((own) =>
        removeMember(own, { publicationId, userId: ann.userId }),
      ),
    );
    await settledOrWaiting(removal);
  });
  expect(await removal).toBe("done");
  expect(await statesOf(articleId)).toEqual(["withdrawn"]);
});

test("a member who is being removed submits nothing", async () => {
  const team = await rig.foundStaffed();
  const { publicationId } = team;
  const articleId = await team.draft(ann);
  let proposal: Promise<unknown> | undefined;
  await rig.site.contexts.write(ben)(async (ctx) => {
    await removeMember(ctx, { publicationId, userId: ann.userId });
    proposal = outcome(team.propose(ann, articleId));
    await settledOrWaiting(proposal);
  });
  expect(await proposal).toBe("forbidden");
  expect(await statesOf(articleId)).toEqual([]);
});

test.each([
  ["takes a task", (ctx: WriteContext, taskId: string) => takeTask(ctx, { taskId, isTaken: true })],
  [
    "begins a review",
    (ctx: WriteContext, _: string, submissionId: string) =>
      takeStep(ctx, { submissionId, step: "start-review", note: "" }),
  ],
])(
  "a task is released by the end of a right with which a member %s at the same moment",
  async (_, take) => {
    const team = await rig.foundStaffed();
    const { publicationId } = team;
    const { submissionId } = await team.submit(ann);
    const [task] = await rig.site.owner`
    select id from submission_tasks where submission_id = ${submissionId} and kind = 'review'`;
    const input = { publicationId, userId: rea.userId, roleId: await team.roleId("Reviewer") };
    let taking: Promise<unknown> | undefined;
    await rig.site.contexts.write(rea)(async (ctx) => {
      await take(ctx, task?.id, submissionId);
      taking = outcome(rig.site.contexts.write(ben)((own) => takeRole(own, input)));
      await settledOrWaiting(taking);
    });
    expect(await taking).toBe("done");
    expect(await assigneesOf(submissionId)).not.toContain(rea.userId);
  },
);
