import type { RelayEvent } from "querycast/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSoketi } from "../../../scripts/parts/soketi/soketi.ts";
import { eachApp } from "../../../scripts/parts/soketi/soketi-config.ts";
import {
  createRelayRig,
  hasTold,
  type RelayRig,
  type StartRelayOptions,
} from "../../support/rigs/relay-rig.ts";

let rig: RelayRig;
beforeEach(async () => {
  rig = await createRelayRig();
});
afterEach(() => rig.close());

const all = (amount: number) => Array.from({ length: amount }, (_, index) => index);
const codesOf = (events: readonly RelayEvent[]) => [
  ...new Set(
    events.flatMap((event) =>
      event.type === "broker-failed" ? [(event.error as { code?: string }).code] : [],
    ),
  ),
];

test("R1 a publish that the broker does not answer fails after 3 s and is retried", async () => {
  const room = await rig.newRoom();
  const { relay, events } = rig.startRelay();
  await hasTold(events, "leading");
  rig.toBroker.blackHole("down");
  await rig.write(room, 1);
  await hasTold(events, "broker-failed");
  expect(codesOf(events)).toEqual(["timed_out"]);
  expect(relay.health()).toMatchObject({ state: "blocked", backlog: 1 });
  await rig.write(room, 2);
  rig.toBroker.cutAll();
  await rig.toBroker.heal();
  await rig.hears(room, [1, 2]);
  // The broker received the unconfirmed delivery: at least once, here twice.
  expect(rig.receivedWithRepeats(room).filter((each) => each === "1").length).toBeGreaterThan(1);
  await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "leading", backlog: 0 }));
});

test("R1 R3 a broker that refuses, cuts and freezes connections delays signals and keeps their order", async () => {
  const room = await rig.newRoom();
  const { relay, events } = rig.startRelay();
  await hasTold(events, "leading");
  let written = 0;
  for (const fault of [rig.toBroker.refuse, rig.toBroker.reset, rig.toBroker.freeze]) {
    await fault();
    rig.toBroker.cutAll();
    for (const _ of all(20)) {
      await rig.write(room, written);
      written += 1;
    }
    await vi.waitFor(() => expect(relay.health().state).toBe("blocked"), { timeout: 10_000 });
    await rig.toBroker.heal();
    await rig.hears(room, all(written), 15_000);
  }
}, 60_000);

const wrong: readonly (readonly [string, string, StartRelayOptions])[] = [
  ["a secret that is wrong", "unauthorised", { broker: { secret: "not-the-secret" } }],
  ["an app that is unknown", "unknown_app", { broker: { appId: "not-the-app" } }],
  ["a clock an hour slow", "unauthorised", { brokerClockOffsetMs: -3_600_000 }],
  ["a clock an hour fast", "unauthorised", { brokerClockOffsetMs: 3_600_000 }],
];

test.each(wrong)(
  "R1 R2 with %s no signal counts as sent and the failure is counted; once fixed, all are published",
  async (_what, code, options) => {
    const room = await rig.newRoom();
    const first = rig.startRelay(options);
    await rig.write(room, 1, 2);
    await hasTold(first.events, "broker-failed");
    expect(codesOf(first.events)).toEqual([code]);
    expect(first.relay.health()).toMatchObject({ state: "blocked", published: 0 });
    await first.relay.stop();
    expect(rig.received(room)).toEqual([]);
    rig.startRelay();
    await rig.hears(room, [1, 2]);
  },
);

test("R1 R2 a rate limit of the broker counts as a failure, and no signal is lost", async () => {
  // So few events per second that three at once exceed the limit.
  const strict = await startSoketi({ configure: eachApp({ maxBackendEventsPerSecond: 2 }) });
  const rooms = [await rig.newRoom(), await rig.newRoom(), await rig.newRoom()];
  for (const room of rooms) await rig.write(room, 1);
  const first = rig.startRelay({ broker: { host: strict.host, port: strict.port } });
  await hasTold(first.events, "broker-failed");
  expect(codesOf(first.events)).toEqual(["rate_limited"]);
  expect(first.relay.health()).toMatchObject({ state: "blocked", published: 0 });
  await first.relay.stop();
  await strict.stop();
  rig.startRelay();
  for (const room of rooms) await rig.hears(room, [1]);
}, 30_000);
