import { type OutgoingSignal, on } from "querycast";
import { previewRollout, type RolloutSettings } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { setChannel } from "@/features/admin/channels/set-channel.ts";
import { createJoinRecord } from "@/wiring/realtime/access/join-record.ts";
import { membership } from "@/wiring/realtime/access/rollout.ts";
import { listListeners } from "@/wiring/realtime/broker/list-listeners.ts";
import type { Listener } from "../../support/broker/relay-listener.ts";
import {
  createRolloutRig,
  follow,
  isIn,
  memberOf,
  off,
  ofPhase,
  page,
  person,
  type RolloutRig,
  received,
} from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

const phases = [1, 2, 3, 4];
const only = async (wanted: number) => {
  for (const phase of phases) await rig.setStage(phase, phase === wanted ? { status: "on" } : off);
};
const hears = (listener: Listener, name: string) =>
  vi.waitFor(() => expect(received(listener).filter((each) => each === name)).toHaveLength(1), {
    timeout: 10_000,
  });

test.each(phases)("S3.27 F2 phase %i alone publishes its signals and no others", async (phase) => {
  const listener = await rig.eavesdrop();
  await only(phase);
  const name = ofPhase[phase]?.().name ?? "";
  // The enabled signal is last: signals that have not arrived before it were not sent.
  for (const each of [...phases.filter((other) => other !== phase), phase]) {
    await rig.write(ofPhase[each]?.() as OutgoingSignal);
  }
  await hears(listener, name);
  // Signals of the setup may be repeated.
  const written = phases.map((each) => ofPhase[each]?.().name);
  expect(received(listener).filter((each) => written.includes(each))).toEqual([name]);
});

test("F1 off applies from the next signal after the commit, also for holders of a signature", async () => {
  const listener = await rig.eavesdrop();
  await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await hears(listener, "comment.created");
  await rig.setStage(2, off);
  for (let count = 0; count < 20; count += 1) await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await rig.write(ofPhase[1]?.() as OutgoingSignal);
  await hears(listener, "notification.created");
  expect(received(listener).filter((name) => name === "comment.created")).toHaveLength(1);
});

test("S3.27 a disabled kind is answered with `off`: nothing is signed, and rights are not revealed", async () => {
  const rea = memberOf(viewers.rea);
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: off }));
  rig.rollout.forget();
  const hidden = `resource.article.${idOf("draft")}`;
  expect(await rig.join(rea, page.name, hidden, person.name)).toEqual(["off", "off", "joined"]);
  const { results } = await rig.ask(rea, {
    type: "catch-up",
    channels: [{ channel: page.name, cursor: null }],
  });
  expect(results).toEqual([{ channel: page.name, status: "off" }]);
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "resource", stage: null }));
  rig.rollout.forget();
  expect(await rig.join(rea, page.name, hidden)).toEqual(["joined", "denied"]);
});

test("staff first, then an audience: each viewer gets the state that applies to them", async () => {
  await rig.setStage(2, { status: "staff" });
  await rig.setStage(3, { status: "percent", percent: 0 });
  await rig.asAdmin((ctx) => setChannel(ctx, { kind: "tag", stage: null, audience: "authors" }));
  rig.rollout.forget();
  const [rea, ann, kay] = await Promise.all(
    [viewers.rea, viewers.ann, viewers.kay].map((viewer) =>
      rig.ask(memberOf(viewer), { type: "rollout" }),
    ),
  );
  expect(rea?.phases).toEqual([1, 4]);
  expect(kay?.phases).toEqual([1, 2, 3, 4]);
  expect(rea?.kinds).not.toContain("tag");
  expect(ann?.kinds).toContain("tag");
});

test("S3.27 F4 open browsers follow a change within seconds, off and on, without a reload", async () => {
  const browsers = [
    await rig.openBrowser(memberOf(viewers.rea)),
    await rig.openBrowser(memberOf(viewers.kay)),
  ];
  const told = browsers.map(({ client }) => follow(client, on(page, "comment.created")));
  await Promise.all(browsers.map(({ client }) => isIn(client, "live")));

  await rig.setStage(2, off);
  await Promise.all(browsers.map(({ client }) => isIn(client, "offline")));
  for (const { client } of browsers) {
    expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  }
  await vi.waitFor(async () => {
    const counts = await rig.broker.countSubscriptions?.();
    expect([...(counts?.keys() ?? [])].filter((name) => name.includes(page.name))).toEqual([]);
  });
  const before = told.map((each) => each.length);
  await rig.write(ofPhase[2]?.() as OutgoingSignal);

  // No socket is open: browsers poll, every 5 s on average.
  await rig.setStage(2, null);
  await Promise.all(browsers.map(({ client }) => isIn(client, "live")));
  // Writes of the meantime are covered by a gap: everything bound to the channel is read.
  expect(told.map((each, index) => each.slice(before[index]))).toEqual([["gap"], ["gap"]]);
});

test("F3 a browser whose channels are all disabled opens no socket and requests no channel", async () => {
  await only(1);
  rig.rollout.forget();
  const { client, requests } = await rig.openBrowser(memberOf(viewers.rea));
  follow(client, on(page, "comment.created"));
  await vi.waitFor(() => expect(requests).toContain("rollout"), { timeout: 10_000 });
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  expect(requests.filter((type) => type !== "rollout")).toEqual([]);
});

test("a disabled phase sends nothing to viewers who are on its channel for another phase", async () => {
  await rig.setStage(3, { status: "staff" });
  rig.rollout.forget();
  const [reader, staff] = [
    await rig.openBrowser(memberOf(viewers.rea)),
    await rig.openBrowser(memberOf(viewers.kay)),
  ];
  const [readerTold, staffTold] = [follow(reader.client, page), follow(staff.client, page)];
  await Promise.all([isIn(reader.client, "live"), isIn(staff.client, "live")]);
  await rig.write(ofPhase[3]?.() as OutgoingSignal);
  await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await vi.waitFor(() => expect(readerTold).toContain("comment.created"));
  await vi.waitFor(() => expect(staffTold).toContain("reaction.added"));
  expect(readerTold).not.toContain("reaction.added");
});

/** Opens a browser per person on the article and their own channel, and records who joined. */
async function openCrowd() {
  await rig.site.owner`update sessions set revoked_at = null`;
  const record = createJoinRecord({ database: rig.site.database, onError: () => {} });
  const crowd = await Promise.all(
    (["rea", "ann", "ben", "kay"] as const).map(async (name) => {
      const viewer = memberOf(viewers[name]);
      const { client } = await rig.openBrowser(viewer);
      const own = channels.user({ userId: viewer.id });
      follow(client, page);
      follow(client, own);
      await isIn(client, "live");
      const joined = [page, own].map(
        ({ name: channel }) => ({ channel, status: "joined" }) as const,
      );
      record.note({ viewer, type: "join", results: joined });
      return { viewer, client };
    }),
  );
  await record.flush();
  return crowd;
}

/** Subscriptions to the channels of a kind, counted by the broker. */
const subscribed = async (head: string) =>
  [...((await rig.broker.countSubscriptions?.()) ?? [])]
    .filter(([name]) => name.startsWith(`private-${head}.`))
    .reduce((sum, [, count]) => sum + count, 0);

const previewOf = async (change: RolloutSettings) =>
  previewRollout({
    channels,
    ...membership,
    view: await rig.rollout.current(),
    change,
    broker: rig.broker,
    listeners: (names) => listListeners(rig.site.database, viewers.kay, names),
  });

test("a preview counts the people, channels and subscriptions that a change removes, and matches the broker's count after saving", async () => {
  // Browsers of earlier tests leave first.
  await vi.waitFor(async () => expect(await subscribed("resource")).toBe(0), { timeout: 10_000 });
  const crowd = await openCrowd();
  const [before, own] = [await subscribed("resource"), await subscribed("user")];
  expect([before, own]).toEqual([4, 4]);

  const narrowed = await previewOf({ audiences: { resource: "authors" } });
  expect(narrowed).toMatchObject({
    removed: 1,
    isExact: true,
    affected: { people: 1, channels: 1, subscriptions: 1 },
  });
  const staff = await previewOf({ phases: { 1: { status: "staff" } } });
  expect(staff.affected).toEqual({ people: 3, channels: 3, subscriptions: 3 });
  const comments = await previewOf({ phases: { 2: off } });
  expect(comments).toMatchObject({
    removed: 0,
    affected: { people: 4, channels: 1, subscriptions: 4 },
  });
  expect(comments.kinds.find(({ kind }) => kind === "resource")?.signals).toContain(
    "comment.created",
  );
  // The preview changed nothing.
  expect(await subscribed("resource")).toBe(before);

  await rig.asAdmin((ctx) =>
    setChannel(ctx, { kind: "resource", stage: null, audience: "authors" }),
  );
  await vi.waitFor(
    async () => expect(await subscribed("resource")).toBe(before - narrowed.removed),
    { timeout: 10_000 },
  );
  await rig.setStage(1, { status: "staff" });
  await vi.waitFor(async () => expect(await subscribed("user")).toBe(own - staff.removed), {
    timeout: 10_000,
  });
  expect(crowd).toHaveLength(4);
});

test("a preview of a disabled kind lists everyone on it, and ends no subscription", async () => {
  await vi.waitFor(async () => expect(await subscribed("resource")).toBe(0), { timeout: 10_000 });
  const crowd = await openCrowd();
  const { removed, kinds } = await previewOf({ kinds: { resource: off } });
  const [resource, user] = ["resource", "user"].map((kind) => kinds.find((k) => k.kind === kind));
  expect(resource).toMatchObject({ subscriptions: 4, removed: 4, grows: false });
  expect(user?.removed).toBe(0);
  expect(removed).toBe(4);
  expect(crowd.map(({ client }) => client.getState().status)).toEqual(Array(4).fill("live"));
});
