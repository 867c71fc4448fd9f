import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import type { Delivery } from "../ports.ts";
import type { Viewer } from "../viewer.ts";
import { createRollout, type RolloutOptions, type RolloutSettings } from "./rollout.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created"),
  resource: channel("resource.{id}", { phase: 2 })
    .signal("comment.created")
    .signal("reaction.changed", undefined, { phase: 3 }),
  site: channel("site").signal("rollout.changed"),
});
const off = { status: "off" } as const;
const on = { status: "on" } as const;
const reader = { id: "reader" };
const delivery = (name: string, signal: string): Delivery => ({
  channel: name,
  accessEpoch: 0,
  signal: { id: "1", name: signal, ids: undefined, origin: undefined },
});
const comment = delivery("resource.7", "comment.created");
const reaction = delivery("resource.7", "reaction.changed");
const notification = delivery("user.1", "notification.created");
const announcement = delivery("site", "rollout.changed");

function setUp(options: Partial<RolloutOptions<Viewer>> = {}) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  let settings: () => Promise<RolloutSettings> = async () => ({});
  let reads = 0;
  const rollout = createRollout({
    channels,
    control: "site",
    clock,
    onError: (error) => errors.push(error),
    read: () => {
      reads += 1;
      return settings();
    },
    ...options,
  });
  const published = async (...deliveries: Delivery[]) =>
    deliveries.filter(await rollout.gate(deliveries)).map(({ signal }) => signal.name);
  return {
    rollout,
    clock,
    errors,
    published,
    reads: () => reads,
    set: (next: RolloutSettings) => {
      settings = async () => next;
    },
    answer: (next: () => Promise<RolloutSettings>) => {
      settings = next;
    },
  };
}

test("a phase that is off publishes nothing, and other phases of the channel continue", async () => {
  const { set, published } = setUp();
  set({ phases: { 3: off } });
  expect(await published(comment, reaction, notification)).toEqual([
    "comment.created",
    "notification.created",
  ]);
});

test("a kind that is off publishes nothing in any phase", async () => {
  const { set, published } = setUp();
  set({ kinds: { resource: off }, phases: { 2: on, 3: on } });
  expect(await published(comment, reaction, notification)).toEqual(["notification.created"]);
});

test("F2 each phase can be switched on alone", async () => {
  for (const phase of [1, 2, 3]) {
    const { set, published, rollout } = setUp();
    set({ phases: { 1: off, 2: off, 3: off, [phase]: on } });
    const names = ["notification.created", "comment.created", "reaction.changed"];
    expect(await published(notification, comment, reaction)).toEqual([names[phase - 1]]);
    const view = await rollout.current();
    expect(view.liveFor(reader).phases).toEqual([phase]);
    expect(view.isLive(reader, "user")).toBe(phase === 1);
    expect(view.isLive(reader, "resource")).toBe(phase !== 1);
    expect(view.isLive(reader, "resource", "comment.created")).toBe(phase === 2);
  }
});

test("a kind that is on for some viewers is published, and decided for each viewer", async () => {
  const { set, published, rollout } = setUp({ isStaff: ({ id }) => id === "editor" });
  set({ phases: { 2: { status: "staff" } } });
  expect(await published(comment)).toEqual(["comment.created"]);
  const view = await rollout.current();
  expect(view.isLive({ id: "editor" }, "resource", "comment.created")).toBe(true);
  expect(view.isLive(reader, "resource", "comment.created")).toBe(false);
});

test("a kind can be restricted to a known audience; an unknown one includes no viewer", async () => {
  const { set, rollout } = setUp({ audiences: { writers: ({ id }) => id === "writer" } });
  const isLive = async (id: string) => (await rollout.current()).isLive({ id }, "resource");
  set({ audiences: { resource: "writers" } });
  expect([await isLive("writer"), await isLive("reader")]).toEqual([true, false]);
  rollout.forget();
  set({ audiences: { resource: "everyone-else" } });
  expect([await isLive("writer"), await isLive("reader")]).toEqual([false, false]);
});

test("announcements and unknown kinds are published when everything is off", async () => {
  const { set, published } = setUp();
  set({ kinds: { user: off, resource: off }, phases: { 1: off, 2: off, 3: off } });
  const newer = delivery("tag.9", "tag.used");
  expect(await published(comment, announcement, newer)).toEqual(["rollout.changed", "tag.used"]);
  expect(await published(delivery("resource.7", "thing.of-later"))).toEqual([]);
});

test("each entry that was read replaces the start entry", async () => {
  const { set, rollout } = setUp({
    start: { phases: { 1: off, 2: off }, kinds: { user: { status: "staff" } } },
  });
  set({ phases: { 2: { status: "percent", percent: 30 } } });
  expect((await rollout.current()).stages).toEqual({
    kinds: { user: { status: "staff" }, resource: on },
    phases: { 1: off, 2: { status: "percent", percent: 30 }, 3: on },
    audiences: {},
    options: { user: {}, resource: {} },
  });
});

test("settings are read on demand, at most once a second", async () => {
  const { rollout, clock, reads } = setUp();
  await Promise.all([rollout.current(), rollout.current()]);
  await clock.advance(999);
  await rollout.current();
  expect(reads()).toBe(1);
  await clock.advance(60_000);
  expect(reads()).toBe(1);
  await rollout.current();
  expect(reads()).toBe(2);
});

test("F1 a page with the announcement is published by the settings after it", async () => {
  const { set, published } = setUp();
  expect(await published(comment)).toEqual(["comment.created"]);
  set({ phases: { 2: off } });
  expect(await published(comment)).toEqual(["comment.created"]);
  expect(await published(announcement, comment)).toEqual(["rollout.changed"]);
});

test("a read that began before forget is not used after it", async () => {
  const { rollout, answer, set } = setUp();
  let finish = (_settings: RolloutSettings) => {};
  answer(() => new Promise((resolve) => (finish = resolve)));
  const before = rollout.current();
  rollout.forget();
  set({ phases: { 2: off } });
  expect((await rollout.current()).stages.phases[2]).toEqual(off);
  finish({});
  await before;
  expect((await rollout.current()).stages.phases[2]).toEqual(off);
});

test("when settings cannot be read the last known apply, and before the first read those of start", async () => {
  const { rollout, answer, set, clock, errors } = setUp({ start: { phases: { 1: off } } });
  answer(() => Promise.reject(new Error("no database")));
  expect((await rollout.current()).stages.phases[1]).toEqual(off);
  set({ phases: { 1: on } });
  await clock.advance(1_000);
  expect((await rollout.current()).stages.phases[1]).toEqual(on);
  answer(() => new Promise(() => {}));
  await clock.advance(1_000);
  const late = rollout.current();
  await clock.advance(1_000);
  expect((await late).stages.phases[1]).toEqual(on);
  expect(errors.map(String)).toEqual([
    "Error: no database",
    "Error: The settings did not answer in 1000 ms.",
  ]);
});

test("F7 options apply to every channel of their kind, replace those of start, and do not limit announcements", async () => {
  const { rollout, set } = setUp({ start: { options: { user: { framesPerSecond: 3 } } } });
  set({
    options: { resource: { framesPerSecond: 5, replayAtMost: 10 }, site: { framesPerSecond: 1 } },
  });
  const limitOf = await rollout.frameLimit();
  const names = ["user.1", "resource.7", "resource.8", "site", "unheard.of"];
  expect(names.map((name) => limitOf?.(name))).toEqual([3, 5, 5, undefined, undefined]);
  expect((await rollout.current()).stages.options).toEqual({
    user: { framesPerSecond: 3 },
    resource: { framesPerSecond: 5, replayAtMost: 10 },
  });
  set({ options: { user: {} } });
  rollout.forget();
  expect(await rollout.frameLimit()).toBeUndefined();
});

test.each([
  [
    { framesPerSecond: 0, replayAtMost: -1 },
    { framesPerSecond: 1, replayAtMost: 0 },
  ],
  [
    { framesPerSecond: 1000, replayAtMost: 501 },
    { framesPerSecond: 40, replayAtMost: 500 },
  ],
  [
    { framesPerSecond: 2.9, replayAtMost: 0 },
    { framesPerSecond: 2, replayAtMost: 0 },
  ],
  [{ framesPerSecond: Number.NaN, replayAtMost: Number.POSITIVE_INFINITY }, { replayAtMost: 500 }],
  [JSON.parse('{"framesPerSecond":"9","replayAtMost":null}'), {}],
])("F7 options beyond their bounds count as the bounds: %j is %j", async (given, bounded) => {
  const { rollout, set } = setUp();
  set({ options: { user: given } });
  expect((await rollout.current()).stages.options.user).toEqual(bounded);
});
