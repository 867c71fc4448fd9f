import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createComment } from "@/features/comments/create-comment.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { takeJobRequests } from "@/wiring/job-requests.ts";
import { type JobRequest, startHandOver } from "../../../inngest/hand-over.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
const running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`delete from job_requests`;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await site.owner`delete from job_requests`;
});
afterAll(() => site.close());

async function comment(): Promise<string> {
  const commentId = randomUUID();
  const input = { resourceType: "article", resourceId: idOf("article") } as const;
  await site.contexts.write(viewers.rea)((ctx) =>
    createComment(ctx, { ...input, commentId, parentId: null, body: "Well said." }),
  );
  return `notif:comment:${commentId}`;
}

/** A job runner that can be down, and records its requests. */
function createRunner() {
  const taken: string[] = [];
  const runner = {
    isAway: false,
    taken,
    send: async (requests: readonly JobRequest[]) => {
      if (runner.isAway) throw new Error("connect ECONNREFUSED");
      taken.push(...requests.map(({ id }) => id));
    },
  };
  return runner;
}

function handOver(send: ReturnType<typeof createRunner>["send"]) {
  const wakeSignal = createWakeSignal();
  const onError = vi.fn();
  running.push(
    startHandOver({
      take: (to) => takeJobRequests(site.database, to),
      send,
      wakeSignal,
      onError,
      pollMs: 500, // a retry that meets the lock of the failed attempt finds no request
      random: () => 0,
    }),
  );
  return { wakeSignal, onError };
}

const unsent = async () =>
  (await site.owner`select id from job_requests where sent_at is null`).map(({ id }) => id);

test("a comment succeeds while the job runner is down, and its request is sent afterwards", async () => {
  const runner = createRunner();
  runner.isAway = true;
  const { wakeSignal, onError } = handOver(runner.send);
  const id = await comment();
  wakeSignal.notify();
  await vi.waitFor(() => expect(onError).toHaveBeenCalled());
  expect(await unsent()).toEqual([id]);

  runner.isAway = false;
  await vi.waitFor(() => expect(runner.taken).toEqual([id]));
  await vi.waitFor(async () => expect(await unsent()).toEqual([]));
});

test("two processes send each request once", async () => {
  const runner = createRunner();
  const ids = await Promise.all(Array.from({ length: 20 }, comment));
  handOver(runner.send);
  handOver(runner.send);
  await vi.waitFor(async () => expect(await unsent()).toEqual([]));
  expect([...runner.taken].sort()).toEqual(ids.sort());
});

test("a request whose response was lost is sent again with the same id", async () => {
  const runner = createRunner();
  let isFirst = true;
  const { wakeSignal } = handOver(async (requests) => {
    await runner.send(requests);
    if (!isFirst) return;
    isFirst = false;
    throw new Error("socket hang up");
  });
  const id = await comment();
  wakeSignal.notify();
  await vi.waitFor(() => expect(runner.taken).toEqual([id, id]));
  await vi.waitFor(async () => expect(await unsent()).toEqual([]));
});
