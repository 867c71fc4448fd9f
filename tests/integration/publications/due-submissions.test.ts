import { afterAll, beforeAll, expect, test } from "vitest";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { publishDueSubmissions } from "@/features/submissions/publish-due-submissions.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
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

test("a due submission that cannot be published keeps no other from being published", async () => {
  const team = await rig.foundStaffed();
  const [broken, other] = [await team.submit(ann), await team.submit(ann)];
  const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
  for (const { submissionId } of [broken, other]) {
    await team.step(rea, submissionId, "start-review");
    await team.step(kay, submissionId, "approve");
    await team.step(kay, submissionId, "schedule", { scheduledFor });
  }
  const { owner } = rig.site;
  await owner`alter table submissions disable trigger user`;
  for (const [order, { submissionId }] of [broken, other].entries()) {
    await owner`update submissions set scheduled_for = now() - interval '1 minute' * ${2 - order}
      where id = ${submissionId}`;
  }
  await owner`alter table submissions enable trigger user`;
  await owner.unsafe(`
    create function public.refuse() returns trigger language plpgsql as $$
      begin raise exception 'This row is refused.'; end $$;
    create trigger refused before update on submissions for each row
      when (old.id = '${broken.submissionId}') execute function public.refuse()`);
  await expect(publishDueSubmissions(rig.site.contexts.job)).rejects.toThrow(
    "1 of 2 due submissions were not published.",
  );
  expect(await stateOf(ann, broken.submissionId)).toBe("scheduled");
  expect(await stateOf(ann, other.submissionId)).toBe("published");
  await owner.unsafe("drop trigger refused on submissions; drop function public.refuse()");
  expect(await publishDueSubmissions(rig.site.contexts.job)).toBe(1);
  expect(await stateOf(ann, broken.submissionId)).toBe("published");
});

test("a scheduled article is published by the job when it is due, and one that was changed goes back to review: the author and the members who can act are notified", async () => {
  const team = await rig.foundStaffed();
  const [kept, changed] = [await team.submit(ann), await team.submit(ann)];
  const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
  for (const { submissionId } of [kept, changed]) {
    await team.step(rea, submissionId, "start-review");
    await team.step(kay, submissionId, "approve");
    await team.step(kay, submissionId, "schedule", { scheduledFor });
  }
  const run = () => publishDueSubmissions(rig.site.contexts.job);
  expect(await run()).toBe(0);
  await rig.site.owner`alter table submissions disable trigger user`;
  await rig.site.owner`update submissions set scheduled_for = now() where state = 'scheduled'`;
  await rig.site.owner`alter table submissions enable trigger user`;
  await rig.site
    .owner`update articles set updated_at = clock_timestamp() where id = ${changed.articleId}`;
  await rig.site.newSignals();
  await rig.site.owner`delete from job_requests`;
  await rig.site.owner`delete from notifications`;
  const requests = () =>
    rig.site.owner<{ data: NotificationCause }[]>`select data from job_requests`;

  // A run that fails requests nothing, and the next run does its work.
  let runs = 0;
  const failing = publishDueSubmissions((action) =>
    rig.site.contexts.job(async (ctx) => {
      const result = await action(ctx);
      runs += 1;
      if (runs > 1) throw new Error("The job fails.");
      return result;
    }),
  );
  await expect(failing).rejects.toThrow("2 of 2 due submissions were not published.");
  expect(await requests()).toEqual([]);

  expect(await run()).toBe(1);
  expect(await rig.site.newSignals()).toContainEqual({
    channel: `profile.${ann.userId}`,
    name: "feed.changed",
    ids: { articleId: kept.articleId },
  });
  expect(await stateOf(ann, kept.submissionId)).toBe("published");
  expect(await stateOf(ann, changed.submissionId)).toBe("in_review");

  for (const { data } of await requests()) {
    await rig.site.contexts.job((ctx) => persistNotification(ctx, data));
  }
  const told = await rig.site.owner`
    select type::text, submission_id as "submissionId", recipient_id as "recipientId",
      actor_id as "actorId", count(*)::int
    from notifications group by 1, 2, 3, 4`;
  const note = (type: string, submissionId: string, of: Member, by: Member, count = 1) => {
    return { type, submissionId, recipientId: of.userId, actorId: by.userId, count };
  };
  const task = (of: Member, count: number) =>
    note("submission_task", changed.submissionId, of, ann, count);
  expect(new Set(told)).toEqual(
    new Set([
      // Who scheduled the article counts as who published it.
      note("submission_published", kept.submissionId, ann, kay),
      // Ben and kay can review and approve, rea can review.
      task(ben, 2),
      task(kay, 2),
      task(rea, 1),
    ]),
  );
  expect(await run()).toBe(0);
});
