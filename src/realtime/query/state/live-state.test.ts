import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { a1, a2 } from "../../../../tests/support/rigs/bridge-rig.ts";
import type { ChannelStatus } from "../../client/channels/channel-state.ts";
import type { OfflineReason, RealtimeState } from "../../client/connection/state.ts";
import type { RealtimeClient } from "../../client/realtime-client.ts";
import { live } from "../binding/live.ts";
import type { Lag } from "../scheduler/scheduling.ts";
import { type LiveStatus, liveStatusOf, type NotLive, pageStateOf } from "./live-state.ts";

const causes = ["connection", "channel", "relay"] as const;
const reasons = ["idle", "off", "no-transport", "no-network", "signed-out", "closed"] as const;
const polling = (cause: (typeof causes)[number]) => ({ status: "polling", cause }) as const;
const offline = (reason: OfflineReason) => ({ status: "offline", reason }) as const;

/** Each status of a channel, with that of a query on it that is fetched completely. */
const whenRead: readonly (readonly [ChannelStatus, LiveStatus])[] = [
  [{ status: "live" }, { status: "live" }],
  [{ status: "catching-up" }, { status: "catching-up" }],
  ...causes.map((cause) => [{ status: "unavailable", cause }, polling(cause)] as const),
  [{ status: "off" }, { status: "off" }],
  [{ status: "denied" }, { status: "denied" }],
  ...reasons.map(
    (reason) =>
      [offline(reason), reason === "off" ? ({ status: "off" } as const) : offline(reason)] as const,
  ),
];

type Reading = "read" | "no-data" | "failed";

/** A query without a bridge. */
function queryThat(reading: Reading) {
  const queryClient = new QueryClient();
  const options = live({ queryKey: ["list"], queryFn: async () => 1, enabled: false }, [a1, a2]);
  new QueryObserver(queryClient, options);
  const query = queryClient.getQueryCache().get('["list"]');
  if (query === undefined) throw new Error("The observer has made no query.");
  if (reading !== "no-data") query.setData(1);
  if (reading === "failed") query.setState({ status: "error" });
  return query;
}

/** A client with two channels in these states, whose signals are on or off. */
const clientWith = (one: ChannelStatus, other: ChannelStatus, isOn = true) =>
  ({
    channelState: (name: string) => (name === a1.name ? one : other),
    isSwitchedOn: () => isOn,
  }) as unknown as RealtimeClient;

const lags: readonly Lag[] = ["none", "behind", "overdue"];
const readings: readonly Reading[] = ["read", "no-data", "failed"];

test("U1 S3.30 the state of a query follows from that of its channel, its lag and its last fetch", () => {
  for (const [channel, expected] of whenRead) {
    for (const lag of lags) {
      for (const reading of readings) {
        const status = liveStatusOf(clientWith(channel, channel), queryThat(reading), lag);
        const isDelivered = channel.status === "live" || channel.status === "catching-up";
        const isFailed = isDelivered && (lag === "overdue" || reading === "failed");
        const isBehind = isDelivered && (lag === "behind" || reading === "no-data");
        const own = isBehind ? { status: "catching-up" } : expected;
        expect([channel, lag, reading, omitTimes(status)]).toEqual([
          channel,
          lag,
          reading,
          isFailed ? { status: "not-live" } : own,
        ]);
      }
    }
  }
});

const omitTimes = ({ lastLiveAt: _, ...status }: LiveStatus & { lastLiveAt?: unknown }) => status;

test("U1 S3.30 a query on two channels has the state of the worse one, in either order", () => {
  const worse = ["live", "catching-up", "polling", "off", "denied", "offline"];
  const rank = ({ status }: LiveStatus) => worse.indexOf(status);
  for (const [one, alone] of whenRead) {
    for (const [other, otherAlone] of whenRead) {
      if (rank(alone) === rank(otherAlone)) continue;
      const expected = rank(alone) > rank(otherAlone) ? alone : otherAlone;
      const query = queryThat("read");
      const isOffline = (state: ChannelStatus) => state.status === "offline";
      // `off` ranks lower as the reason of an offline client than as the status of a channel.
      if (isOffline(one) || isOffline(other)) continue;
      expect(liveStatusOf(clientWith(one, other), query, "none")).toEqual(expected);
    }
  }
});

test("U1 S3.30 a query whose signals are switched off is off, while other signals keep its channel live", () => {
  const both = { status: "live" } as const;
  expect(liveStatusOf(clientWith(both, both, false), queryThat("read"), "none")).toEqual({
    status: "off",
  });
});

const at = { lastCaughtUpAt: 1 };
const connections: readonly RealtimeState[] = [
  { status: "connecting", ...at },
  { status: "catching-up", ...at },
  { status: "live", ...at },
  { status: "degraded", cause: "connection", ...at },
  { status: "degraded", cause: "channels", ...at },
  ...reasons.map((reason) => ({ status: "offline", reason, ...at }) as const),
];

test("U2 S3.30 a page is live only while its connection and every query on it are live", () => {
  const every = [...whenRead.map(([, status]) => status), { status: "not-live" } as const];
  for (const connection of connections) {
    for (const status of every) {
      const queries = [shown("one", { status: "live" }), shown("two", status)];
      const page = pageStateOf(connection, queries);
      expect([connection, status, page.status === "live"]).toEqual([
        connection,
        status,
        connection.status === "live" && status.status === "live",
      ]);
    }
  }
});

test("U2 S3.30 the state of a page lists the queries that are not live, and is not better than its connection", () => {
  const isOff = shown("two", { status: "off" });
  const connection = { status: "live", ...at } as const;
  expect(pageStateOf(connection, [shown("one", { status: "live" }), isOff])).toEqual({
    status: "partly-live",
    liveQueries: 1,
    notLive: [isOff],
    ...at,
  });
  const down = { status: "degraded", cause: "connection", ...at } as const;
  expect(pageStateOf(down, [isOff])).toBe(down);
  expect(pageStateOf(connection, [shown("one", { status: "catching-up" })])).toEqual({
    status: "catching-up",
    ...at,
  });
  expect(pageStateOf(connection, [])).toBe(connection);
});

function shown(key: string, status: LiveStatus): NotLive {
  return { queryHash: key, queryKey: [key], state: { ...status, lastReadAtMs: 1 } };
}
