import { type OutgoingSignal, on } from "querycast";
import { previewRollout } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { setChannel } from "@/features/rollout/set-channel.ts";
import { channels } from "@/wiring/inventory.ts";
import {
  createRolloutRig,
  follow,
  heard,
  isIn,
  memberOf,
  off,
  ofPhase,
  page,
  person,
  type RolloutRig,
} from "../support/rollout-rig.ts";
import type { Listener } from "./relay-listener.ts";
import { idOf, viewers } from "./rls-rows.ts";

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
  vi.waitFor(() => expect(heard(listener).filter((each) => each === name)).toHaveLength(1), {
    timeout: 10_000,
  });

test.each(phases)(
  "S3.27 F2 phase %i switched on alone: its signals are published, those of the others are not",
  async (phase) => {
    const listener = await rig.eavesdrop();
    await only(phase);
    const name = ofPhase[phase]?.().name ?? "";
    // Its own goes out last: what has not come before it was not sent.
    for (const each of [...phases.filter((other) => other !== phase), phase]) {
      await rig.write(ofPhase[each]?.() as OutgoingSignal);
    }
    await hears(listener, name);
    // What the tables told while rows were arranged may still be said again.
    const written = phases.map((each) => ofPhase[each]?.().name);
    expect(heard(listener).filter((each) => written.includes(each))).toEqual([name]);
  },
);

test("S3.27 F1 off is off from the next signal after the commit, for whoever holds a signature too", async () => {
  const listener = await rig.eavesdrop();
  await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await hears(listener, "comment.created");
  await rig.setStage(2, off);
  for (let count = 0; count < 20; count += 1) await rig.write(ofPhase[2]?.() as OutgoingSignal);
  await rig.write(ofPhase[1]?.() as OutgoingSignal);
  await hears(listener, "notification.created");
  expect(heard(listener).filter((name) => name === "comment.created")).toHaveLength(1);
});

test("S3.27 a kind that is off is answered with `off`: nothing is signed, and rights are not told", async () => {
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

test("S3.27 staff first, then an audience: each viewer is told what is on for them", async () => {
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

test("S3.27 F4 open browsers follow within seconds, off and on again, without a reload", async () => {
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
    const counts = await rig.broker.audience?.();
    expect([...(counts?.keys() ?? [])].filter((name) => name.includes(page.name))).toEqual([]);
  });
  const before = told.map((each) => each.length);
  await rig.write(ofPhase[2]?.() as OutgoingSignal);

  // No socket is open by now: they find out by asking, every 5 s on average.
  await rig.setStage(2, null);
  await Promise.all(browsers.map(({ client }) => isIn(client, "live")));
  // What was written meanwhile is behind the gap: everything bound to the channel is read.
  expect(told.map((each, index) => each.slice(before[index]))).toEqual([["gap"], ["gap"]]);
});

test("S3.27 F3 with all it follows switched off a browser opens no socket and asks for no channel", async () => {
  await only(1);
  rig.rollout.forget();
  const { client, requests } = await rig.openBrowser(memberOf(viewers.rea));
  follow(client, on(page, "comment.created"));
  await vi.waitFor(() => expect(requests).toContain("rollout"), { timeout: 10_000 });
  expect(client.getState()).toMatchObject({ status: "offline", reason: "off" });
  expect(requests.filter((type) => type !== "rollout")).toEqual([]);
});

test("a phase whose viewers hear their channel for another reason stays silent for them", async () => {
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

test("a preview counts at the broker whom a change would cut off, and cuts off nobody", async () => {
  const { client } = await rig.openBrowser(memberOf(viewers.rea));
  follow(client, page);
  follow(client, person);
  await isIn(client, "live");
  const { removed, kinds } = await previewRollout({
    channels,
    view: await rig.rollout.current(),
    change: { kinds: { resource: off } },
    broker: rig.broker,
  });
  // Browsers of earlier tests may still be leaving, so there may be more.
  const [resource, user] = ["resource", "user"].map((kind) => kinds.find((k) => k.kind === kind));
  expect(resource?.subscriptions).toBeGreaterThanOrEqual(1);
  expect(resource).toMatchObject({ kept: 0, grows: false });
  expect(user?.kept).toBe(user?.subscriptions);
  expect(removed).toBe(resource?.subscriptions);
  expect(client.getState().status).toBe("live");
});
