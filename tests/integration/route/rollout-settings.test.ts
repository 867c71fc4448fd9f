import { randomUUID } from "node:crypto";
import { kindOptionBounds, type OutgoingSignal, signal } from "querycast";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { auditLog, channelBans, phaseSettings } from "@/db/schema.ts";
import { banChannel } from "@/features/admin/channels/ban-channel.ts";
import { listSettings } from "@/features/admin/channels/list-settings.ts";
import { setChannel } from "@/features/admin/channels/set-channel.ts";
import { setPhase } from "@/features/admin/channels/set-phase.ts";
import { createSiteRollout } from "@/wiring/realtime/access/rollout.ts";
import {
  createRolloutRig,
  follow,
  isIn,
  memberOf,
  off,
  ofPhase,
  page,
  type RolloutRig,
} from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

test("F7 R10 a rate limit set at run time applies to current subscribers, loses nothing, and can be removed", async () => {
  const { client } = await rig.openBrowser(memberOf(viewers.rea));
  const told = follow(client, page);
  await isIn(client, "live");
  const listener = await rig.eavesdrop();
  const written: string[] = [];
  const writeComment = () => {
    const commentId = randomUUID();
    written.push(commentId);
    return rig.write(signal(page, "comment.created", { commentId }));
  };
  const allArrive = () =>
    vi.waitFor(
      () => {
        const text = JSON.stringify(listener.frames);
        expect(written.filter((id) => !text.includes(id))).toEqual([]);
        // A frame can arrive before the broker's answer to the relay.
        const received = listener.frames.filter(({ name }) => name === "comment.created");
        const answered = rig.published.flatMap(({ names }) =>
          names.filter((name) => name === "comment.created"),
        );
        expect(answered).toHaveLength(received.length);
      },
      { timeout: 10_000 },
    );
  /** Times from the broker's ok for one frame of comments to the next frame. */
  const pausesMs = (from: number) => {
    const times = rig.published
      .slice(from)
      .filter(({ names }) => names.includes("comment.created"));
    return times.slice(1).map(({ startMs }, index) => startMs - (times[index]?.endMs ?? 0));
  };

  await rig.asAdmin((ctx) =>
    setChannel(ctx, { kind: "resource", stage: null, framesPerSecond: 1 }),
  );
  await writeComment();
  await allArrive();
  const first = rig.published.length;
  for (let burst = 0; burst < 3; burst += 1) {
    // Few enough for all their ids to fit into one frame.
    for (let count = 0; count < 5; count += 1) await writeComment();
    await allArrive();
  }
  expect(pausesMs(first).length).toBeGreaterThan(1);
  expect(Math.min(...pausesMs(first))).toBeGreaterThanOrEqual(1000);
  const frames = listener.frames
    .filter(({ name }) => name === "comment.created")
    .map(({ data }) => data as { id: string; after?: string; last?: string });
  for (const [index, { after }] of frames.slice(1).entries()) {
    expect(after).toBe(frames[index]?.last ?? frames[index]?.id);
  }
  await vi.waitFor(() => expect(told).toContain("comment.created"));

  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null }));
  const free = rig.published.length;
  for (let count = 0; count < 5; count += 1) {
    await writeComment();
    await allArrive();
  }
  expect(Math.min(...pausesMs(free))).toBeLessThan(1000);
});

test("F7 C4 from the change on, a client that missed more than a kind replays gets a gap", async () => {
  const rea = memberOf(viewers.rea);
  const catchUp = async (cursor: string | null = null) => {
    const { results: [result] = [] } = await rig.ask(rea, {
      type: "catch-up",
      channels: [{ channel: page.name, cursor }],
    });
    return { status: result?.status, cursor: result?.cursor };
  };
  const { cursor } = await catchUp();
  for (let count = 0; count < 3; count += 1) await rig.write(ofPhase[2]?.() as OutgoingSignal);
  expect((await catchUp(cursor)).status).toBe("replay");
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null, replayAtMost: 2 }));
  // This process gets no notification: it polls the settings.
  const gap = await vi.waitFor(
    async () => {
      const answer = await catchUp(cursor);
      expect(answer.status).toBe("gap");
      return answer;
    },
    { timeout: 10_000 },
  );
  expect((await catchUp(gap.cursor)).status).toBe("upToDate");
  await rig.write(ofPhase[2]?.() as OutgoingSignal);
  expect((await catchUp(gap.cursor)).status).toBe("replay");
});

test("F7 options without a stage keep the stage of the environment", async () => {
  const start = { kinds: { tag: { status: "staff" } }, phases: {} } as const;
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null, framesPerSecond: 5 }));
  const { stages } = await createSiteRollout(rig.site.database, { start }).current();
  expect(stages.kinds.tag).toEqual({ status: "staff" });
  expect(stages.options.tag).toEqual({ framesPerSecond: 5 });
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null }));
  expect(await rig.site.owner`select kind from channel_settings`).toEqual([]);
});

const { framesPerSecond, replayAtMost } = kindOptionBounds;
const store = (options: string) =>
  rig.site
    .owner`insert into channel_settings (kind, options) values ('tag', ${options}::text::jsonb)`;

test.each([
  {},
  { framesPerSecond: framesPerSecond.least, replayAtMost: replayAtMost.least },
  { framesPerSecond: framesPerSecond.most, replayAtMost: replayAtMost.most },
])("F7 the table takes options within the bounds the library has: %j", async (options) => {
  await store(JSON.stringify(options));
  expect((await rig.rollout.current()).stages.options.tag).toEqual(options);
});

test.each([
  `{"framesPerSecond":${framesPerSecond.least - 1}}`,
  `{"framesPerSecond":${framesPerSecond.most + 1}}`,
  `{"replayAtMost":${replayAtMost.least - 1}}`,
  `{"replayAtMost":${replayAtMost.most + 1}}`,
  '{"framesPerSecond":2.5}',
  '{"framesPerSecond":"5"}',
  '{"framesPerSecond":[5]}',
  '{"framesPerSecond":null}',
  '{"replayAtMost":{"most":1}}',
  '{"bufferSize":5}',
  '{"framesPerSecond":5,"bufferSize":1}',
  "[]",
  "5",
  "null",
])("F7 the table refuses other options: %s", async (options) => {
  await expect(store(options)).rejects.toThrow("channel_settings_options");
});

test("every change is in the audit log with the previous value, and admins see the current settings", async () => {
  const [{ last } = { last: 0 }] = await rig.site.owner<{ last: number }[]>`
    select coalesce(max(id), 0)::int as last from audit_log`;
  await rig.setStage(3, off);
  await rig.setStage(3, { status: "percent", percent: 25 });
  await rig.asAdmin((ctx) =>
    setChannel(ctx, {
      kind: "tag",
      stage: { status: "staff" },
      audience: "authors",
      replayAtMost: 5,
    }),
  );
  const entries = await rig.site.owner`
    select actor_id, action, subject, detail from audit_log where id > ${last} order by id`;
  expect(entries.map(({ actor_id: actor, ...rest }) => [actor, rest])).toEqual([
    [
      viewers.kay.userId,
      { action: "phase.changed", subject: "phase 3", detail: { from: null, to: off } },
    ],
    [
      viewers.kay.userId,
      {
        action: "phase.changed",
        subject: "phase 3",
        detail: { from: off, to: { status: "percent", percent: 25 } },
      },
    ],
    [
      viewers.kay.userId,
      {
        action: "channel.changed",
        subject: "tag",
        detail: {
          from: null,
          to: { stage: { status: "staff" }, audience: "authors", options: { replayAtMost: 5 } },
        },
      },
    ],
  ]);
  const settings = await rig.site.contexts.read(viewers.kay)(listSettings);
  expect(settings).toMatchObject({
    phases: [
      { phase: 3, stage: { status: "percent", percent: 25 }, changedBy: viewers.kay.userId },
    ],
    kinds: [
      {
        kind: "tag",
        stage: { status: "staff" },
        audience: "authors",
        options: { replayAtMost: 5 },
      },
    ],
  });
});

test("a failed change is neither published nor recorded", async () => {
  const notes = () => rig.site.owner`select id from audit_log`;
  const before = await notes();
  await rig.site.newSignals();
  const failing = rig.asAdmin(async (ctx) => {
    await setPhase(ctx, { phase: 2, stage: off });
    throw new Error("the connection broke off before the commit");
  });
  await expect(failing).rejects.toThrow("before the commit");
  expect(await rig.site.newSignals()).toEqual([]);
  expect(await notes()).toEqual(before);
});

test.each(["rea", "ann"] as const)(
  "%s, who is not an admin, cannot change settings in any way",
  async (name) => {
    const as = rig.site.contexts.write(viewers[name]);
    await expect(as((ctx) => setPhase(ctx, { phase: 1, stage: off }))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      as((ctx) => banChannel(ctx, { userId: null, channel: page.name })),
    ).rejects.toMatchObject({ code: "forbidden" });
    // The tables refuse direct writes, too.
    const changedBy = viewers[name].userId;
    const refused = /row-level security/;
    await expectRefusal(
      as(({ tx }) => tx.insert(phaseSettings).values({ phase: 1, stage: "off", changedBy })),
      refused,
    );
    await expectRefusal(
      as(({ tx }) => tx.insert(channelBans).values({ channel: page.name, createdBy: changedBy })),
      refused,
    );
    await expectRefusal(
      as(({ tx }) =>
        tx.insert(auditLog).values({ actorId: changedBy, action: "phase.changed", subject: "1" }),
      ),
      refused,
    );
  },
);

async function expectRefusal(work: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(String(error?.cause ?? error)).toMatch(message);
}
