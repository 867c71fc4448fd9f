import { afterAll, beforeAll, expect, test } from "vitest";
import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { countTasks, listTasks } from "@/features/submissions/list-tasks.ts";
import { takeTask } from "@/features/submissions/take-task.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig.close());

const signalsOf = async (name: string) =>
  (await rig.site.newSignals())
    .filter((signal) => signal.name === name)
    .map(({ channel }) => channel)
    .sort();

test("S1.13 the work list shows a task to those it waits for, one member takes it, and its author is signalled as well", async () => {
  const team = await rig.foundStaffed();
  const { publicationId } = team;
  const { submissionId: id } = await team.submit(ann);
  const list = (member: Member, show: "mine" | "roles" | "all") =>
    rig.site.contexts.read(member)((ctx) =>
      listTasks(ctx, { publicationId, show, status: "open" }),
    );
  const counts = (member: Member) =>
    rig.site.contexts.read(member)((ctx) => countTasks(ctx, { publicationId }));
  const [task] = await list(rea, "roles");
  expect(task).toMatchObject({ kind: "review", submission: { id, title: "A draft" } });
  expect(await counts(rea)).toEqual({ mine: 0, roles: 1, all: 1 });
  expect(await counts(ann)).toEqual({ mine: 0, roles: 0, all: 1 });
  const take = (member: Member, isTaken: boolean) =>
    rig.site.contexts.write(member)((ctx) => takeTask(ctx, { taskId: task?.id ?? "", isTaken }));
  await rig.site.newSignals();
  await take(rea, true);
  // The author reads the task as well, and joins no channel of the desk. No other member is concerned.
  expect(await signalsOf("task.updated")).toEqual([
    `desk.${publicationId}`,
    `submission.${id}`,
    `user.${ann.userId}`,
    `user.${rea.userId}`,
  ]);
  const [seen] = await list(ann, "all");
  expect(seen).toMatchObject({ id: task?.id, assignee: { id: rea.userId } });
  expect(await counts(rea)).toEqual({ mine: 1, roles: 0, all: 1 });
  expect(await counts(kay)).toEqual({ mine: 0, roles: 0, all: 1 });
  await expect(take(kay, true)).rejects.toMatchObject({ code: "conflict" });
  await expect(take(ann, true)).rejects.toMatchObject({ code: "conflict" });
  await rig.site.newSignals();
  await take(rea, false);
  expect(await signalsOf("task.updated")).toContain(`user.${ann.userId}`);
  expect(await counts(kay)).toEqual({ mine: 0, roles: 1, all: 1 });
});

test("S2.12 an editor takes no task of an own article, and another reviewer can take it", async () => {
  const team = await rig.foundStaffed();
  const { submissionId } = await team.submit(kay);
  const [task] = await rig.site.owner`
    select id from submission_tasks where submission_id = ${submissionId} and kind = 'review'`;
  const take = (member: Member) =>
    rig.site.contexts.write(member)((ctx) => takeTask(ctx, { taskId: task?.id, isTaken: true }));
  await expect(take(kay)).rejects.toMatchObject({ code: "conflict" });
  await take(rea);
});

test("a task notifies the people it waits for, once each, and a publication notifies the author", async () => {
  const team = await rig.foundStaffed();
  const { submissionId: id } = await team.submit(ann);
  const run = async () => {
    const jobs = await rig.site.owner<{ data: NotificationCause }[]>`
      update job_requests set sent_at = now()
      where sent_at is null and data->>'causeType' in ('task', 'submission') returning data`;
    for (const { data } of jobs) {
      await rig.site.contexts.job((ctx) => persistNotification(ctx, data));
      await rig.site.contexts.job((ctx) => persistNotification(ctx, data));
    }
  };
  const known = new Set<string>();
  const told = async () => {
    await run();
    const rows = await rig.site.owner`
      select id, recipient_id, type::text from notifications where submission_id = ${id}`;
    const fresh = rows.filter((row) => !known.has(row.id));
    for (const row of fresh) known.add(row.id);
    return fresh.map((row) => `${row.type} ${row.recipient_id}`).sort();
  };
  const task = (...members: readonly Member[]) =>
    members.map(({ userId }) => `submission_task ${userId}`).sort();
  expect(await told()).toEqual(task(ben, kay, rea));
  await team.step(rea, id, "start-review");
  expect(await told()).toEqual(task(ben, kay));
  await team.step(rea, id, "request-changes", { note: "Shorter." });
  await run();
  const { rows } = await rig.site.contexts.read(ann)((ctx) =>
    listNotifications(ctx, { filter: "all" }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({
      type: "submission_task",
      page: { href: `/publications/${team.slug}/work/${id}`, title: "A draft" },
    }),
  );
  expect(await told()).toEqual(task(ann));
  await team.step(ann, id, "resubmit");
  expect(await told()).toEqual(task(rea));
  await team.step(rea, id, "start-review");
  await team.step(kay, id, "approve");
  await told();
  await team.step(kay, id, "publish");
  expect(await told()).toEqual([`submission_published ${ann.userId}`]);
});
