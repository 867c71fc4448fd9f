import { expect, test } from "vitest";
import { article, made, setUp, user } from "../../../../tests/support/rigs/client-rig.ts";
import type { OfflineReason, RealtimeState } from "../connection/state.ts";
import type { Join } from "./channel.ts";
import type { ChannelState, ChannelStatus, JoinState } from "./channel-state.ts";
import { channelStatusOf } from "./channel-states.ts";

const never = { lastCaughtUpAt: undefined };
const offline = (reason: OfflineReason): RealtimeState => ({ status: "offline", reason, ...never });
const connections = {
  connecting: { status: "connecting", ...never },
  catchingUp: { status: "catching-up", ...never },
  live: { status: "live", lastCaughtUpAt: 1 },
  noConnection: { status: "degraded", cause: "connection", ...never },
  someChannels: { status: "degraded", cause: "channels", ...never },
} satisfies Record<string, RealtimeState>;
const waiting: readonly JoinState[] = [
  "queued",
  "joining",
  "subscribing",
  "acknowledged",
  "catching-up",
  "waiting",
];
const unavailable = (cause: "connection" | "channel" | "relay") =>
  ({ status: "unavailable", cause }) as const;

/** What differs from a wanted channel that is on, not joined, with a live connection and a relay. */
interface Given {
  readonly connection?: RealtimeState;
  readonly isWanted?: boolean;
  readonly isSwitchedOn?: boolean;
  readonly isDenied?: boolean;
  readonly joinState?: JoinState;
  readonly isFailing?: boolean;
  readonly isRelayAlive?: boolean;
}

const statusOf = (given: Given, previous: ChannelStatus | undefined) => {
  const { connection = connections.live, isRelayAlive = true } = given;
  const { isWanted = true, isSwitchedOn = true, isDenied = false, joinState, isFailing } = given;
  const channel = { isOn: isSwitchedOn, isDenied };
  const attempts = isFailing ? 1 : 0;
  const join = joinState && ({ state: joinState, attempts } as Join);
  const surroundings = { connection, isRelayAlive };
  return channelStatusOf(isWanted ? { ...channel, join } : undefined, surroundings, previous);
};

/** The complete table of states. */
const rows: readonly (readonly [string, Given, ChannelStatus])[] = [
  ...(["idle", "no-transport", "no-network", "signed-out", "closed"] as const).flatMap(
    (reason): [string, Given, ChannelStatus][] => [
      [reason, { connection: offline(reason) }, { status: "offline", reason }],
      [
        `${reason}, switched off and denied`,
        { connection: offline(reason), isSwitchedOn: false, isDenied: true },
        { status: "offline", reason },
      ],
    ],
  ),
  ["not wanted", { isWanted: false, joinState: "live" }, { status: "offline", reason: "idle" }],
  ["all switched off", { connection: offline("off") }, { status: "off" }],
  ["switched off for the viewer", { isSwitchedOn: false, joinState: "live" }, { status: "off" }],
  ["switched off and denied", { isSwitchedOn: false, isDenied: true }, { status: "off" }],
  ["answered with off", { joinState: "off" }, { status: "off" }],
  ["answered with denied", { joinState: "denied" }, { status: "denied" }],
  [
    "denied, and no connection",
    { isDenied: true, connection: connections.noConnection },
    { status: "denied" },
  ],
  ["live", { joinState: "live" }, { status: "live" }],
  [
    "live while others fail",
    { joinState: "live", connection: connections.someChannels },
    { status: "live" },
  ],
  ["live without a relay", { joinState: "live", isRelayAlive: false }, unavailable("relay")],
  ["no connection", { connection: connections.noConnection }, unavailable("connection")],
  ["the first connection", { connection: connections.connecting }, { status: "catching-up" }],
  ["a planned interruption", { connection: connections.catchingUp }, { status: "catching-up" }],
  ...waiting.flatMap((joinState): [string, Given, ChannelStatus][] => [
    [joinState, { joinState, connection: connections.catchingUp }, { status: "catching-up" }],
    [`${joinState} after a failure`, { joinState, isFailing: true }, unavailable("channel")],
    [`${joinState} without a relay`, { joinState, isRelayAlive: false }, { status: "catching-up" }],
  ]),
];

test.each(rows)("K13 a channel: %s", (_what, given, expected) => {
  expect(statusOf(given, undefined)).toEqual(expected);
  const live: ChannelState = { status: "live", lastLiveAt: undefined };
  expect(statusOf(given, live)).toEqual(expected);
});

test.each(rows)(
  "K13 a channel that was unavailable stays so until it is live, off, denied or offline: %s",
  (_what, given, expected) => {
    for (const cause of ["connection", "channel", "relay"] as const) {
      const next = statusOf(given, unavailable(cause));
      expect(next).toEqual(expected.status === "catching-up" ? unavailable(cause) : expected);
    }
  },
);

/** A page with two channels, with every reported state of them. */
function openPage(given: Parameters<typeof setUp>[0] = {}) {
  const rig = setUp(given);
  const changes: string[] = [];
  rig.client.onChannelStateChange((channel) => {
    const { lastLiveAt: _, ...state } = rig.client.channelState(channel);
    changes.push(`${channel} ${Object.values(state).join("/")}`);
  });
  const stateOf = (channel = article.name) => rig.client.channelState(channel);
  return { ...rig, changes, stateOf };
}

test("K13 each change of a channel is reported once, and its state is the same object in between", async () => {
  const { broker, clock, changes, listen, stateOf } = openPage();
  listen();
  expect(stateOf().status).toBe("catching-up");
  await clock.advance(3_000);
  const live = stateOf();
  expect(live).toEqual({ status: "live", lastLiveAt: undefined });
  listen(user);
  await clock.advance(3_000);
  expect(stateOf()).toBe(live);
  broker.stop();
  const stoppedAtMs = clock.now();
  await clock.advance(30_000);
  expect(stateOf()).toEqual({ ...unavailable("connection"), lastLiveAt: stoppedAtMs });
  broker.start();
  await clock.advance(30_000);
  expect(changes.filter((each) => each.startsWith(article.name))).toEqual([
    `${article.name} catching-up`,
    `${article.name} live`,
    `${article.name} unavailable/connection`,
    `${article.name} live`,
  ]);
});

test("K13 a channel is off or denied while others are live, and live after it was switched on", async () => {
  const { client, clock, listen, route, stateOf } = openPage();
  route.turnOff(article.name);
  route.deny(user.name);
  listen();
  listen(user);
  await clock.advance(3_000);
  expect([stateOf().status, stateOf(user.name).status]).toEqual(["off", "denied"]);
  expect(client.getState().status).toBe("live");
  route.turnOff(article.name, false);
  await clock.advance(120_000);
  expect(stateOf().status).toBe("live");
});

test("K14 without a relay no channel is live after 90 s at most; when a relay works again, all are live", async () => {
  const { client, clock, listen, reports, route, stateOf } = openPage();
  route.setRelayAge(0);
  listen();
  await clock.advance(3_000);
  expect(stateOf().status).toBe("live");
  route.setRelayAge(15_000);
  await clock.advance(76_000);
  expect(stateOf()).toMatchObject(unavailable("relay"));
  expect(client.getState().status).toBe("degraded");
  expect(reports).toEqual([{ type: "relay-silent" }]);
  await clock.advance(60_000);
  expect(reports).toHaveLength(1);
  route.setRelayAge(2_000);
  await clock.advance(30_000);
  expect([stateOf().status, client.getState().status]).toEqual(["live", "live"]);
});

test("K14 a page that is opened while no relay works is never live", async () => {
  const { clock, listen, route, statuses, stateOf } = openPage();
  route.setRelayAge(Number.MAX_SAFE_INTEGER);
  listen();
  await clock.advance(60_000);
  expect(stateOf()).toMatchObject(unavailable("relay"));
  expect(statuses).not.toContain("live");
});

test.each(["network", { status: 403 }, { status: 503, code: "unavailable" }] as const)(
  "K14 no channel is live after 90 s at most when the route answers with %j, and all are when it answers again",
  async (failure) => {
    const { client, clock, listen, reports, route, stateOf } = openPage();
    listen();
    await clock.advance(3_000);
    expect(stateOf().status).toBe("live");
    route.failWith(failure);
    await clock.advance(90_000);
    expect(stateOf()).toMatchObject(unavailable("relay"));
    expect(client.getState().status).toBe("degraded");
    expect(reports.map(({ type }) => type)).toContain("route-silent");
    route.failWith(undefined);
    await clock.advance(30_000);
    expect([stateOf().status, client.getState().status]).toEqual(["live", "live"]);
  },
);

test("K14 one request without an answer is repeated soon, and changes no state", async () => {
  const { clock, listen, route, statuses } = openPage();
  listen();
  await clock.advance(3_000);
  const before = statuses.length;
  route.failWith("network");
  await clock.advance(60_500);
  route.failWith(undefined);
  await clock.advance(7_000);
  expect(route.of("positions")).toHaveLength(2);
  expect(new Set(statuses.slice(before))).toEqual(new Set(["live"]));
});

test("K15 an idle page sends one request a minute", async () => {
  const { clock, listen, route } = openPage();
  listen();
  listen(user);
  await clock.advance(3_000);
  const before = route.requests.length;
  await clock.advance(30 * 60_000);
  const asked = route.requests.slice(before);
  expect(new Set(asked.map(({ type }) => type))).toEqual(new Set(["positions"]));
  expect(asked.length).toBeGreaterThanOrEqual(24);
  expect(asked.length).toBeLessThanOrEqual(30);
});

test("K15 a signal missed on a live channel is caught up within 75 s", async () => {
  const { clock, listen, route } = openPage();
  const { received } = listen();
  await clock.advance(3_000);
  route.append(article.name, made("lost"));
  await clock.advance(75_000);
  expect(received).toEqual(["gap", "lost"]);
});

test("K15 signals that arrived live cause no catch-up", async () => {
  const { broker, clock, listen, route } = openPage();
  const { received } = listen();
  await clock.advance(3_000);
  for (const id of ["s1", "s2", "s3"]) {
    route.append(article.name, made(id));
    broker.publish(route.wireName(article.name), made(id));
  }
  await clock.advance(10 * 60_000);
  expect(received).toEqual(["gap", "s1", "s2", "s3"]);
  expect(route.of("catch-up")).toHaveLength(1);
});

test("K15 a hidden page does not poll, and polls soon after it becomes visible", async () => {
  const { clock, environment, listen, route } = openPage();
  listen();
  await clock.advance(3_000);
  environment.set({ visible: false });
  await clock.advance(10 * 60_000);
  expect(route.of("positions")).toHaveLength(0);
  environment.set({ visible: true });
  await clock.advance(3_000);
  expect(route.of("positions")).toHaveLength(1);
});

test("K17 signals that arrive without an observer reach the next one as one gap", async () => {
  const { broker, client, clock, listen, route } = openPage();
  listen();
  const observe = () => {
    const told: string[] = [];
    const stop = client.observe({
      signal: (channel, { id }) => told.push(`${channel} ${id}`),
      gap: (channel) => told.push(`${channel} gap`),
      revoked: (channel) => told.push(`${channel} revoked`),
    });
    return { told, stop };
  };
  const first = observe();
  await clock.advance(3_000);
  first.stop();
  broker.publish(route.wireName(article.name), made("s1"));
  await clock.advance(1_000);
  const second = observe();
  expect(second.told).toEqual([`${article.name} gap`]);
  second.stop();
  const third = observe();
  expect(third.told).toEqual([]);
});

test("K17 a channel revoked without an observer is reported to the next one as revoked", async () => {
  const { broker, client, clock, listen, route } = openPage();
  listen();
  const told: string[] = [];
  const observer = {
    signal: () => {},
    gap: () => told.push("gap"),
    revoked: () => told.push("revoked"),
  };
  client.observe(observer)();
  await clock.advance(3_000);
  told.length = 0;
  client.observe(observer)();
  const wireName = route.wireName(article.name);
  route.raiseEpoch(article.name);
  route.deny(article.name);
  broker.send(wireName, "querycast.moved", "{}");
  await clock.advance(3_000);
  told.length = 0;
  client.observe(observer);
  expect(told).toEqual(["revoked"]);
});
