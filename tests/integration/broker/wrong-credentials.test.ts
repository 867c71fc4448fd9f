import { QueryClient, QueryObserver } from "@tanstack/react-query";
import Pusher from "pusher";
import { createQueryBridge, createRealtimeClient, live, type RealtimeReport } from "querycast";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { channel, defineChannels } from "@/realtime/protocol/channel.ts";
import type { RealtimeRequest } from "@/realtime/protocol/messages.ts";
import { PROTOCOL_VERSION } from "@/realtime/protocol/version.ts";
import { toWireName } from "@/realtime/protocol/wire-name.ts";
import {
  type BrokerClientName,
  brokerClients,
  ownClientNames,
} from "../../support/broker/broker-clients.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createFaultProxy } from "../../support/servers/fault-proxy.ts";
import { createFastClock } from "../../support/stacks/fast-clock.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("comment.created"),
});
const minuteMs = 60_000;

/** A page on real Soketi with one query, whose key or whose server's secret is not the broker's. */
async function setUp(
  { onTestFinished }: TestContext,
  name: BrokerClientName,
  wrong: "key" | "secret",
) {
  const soketi = sharedSoketi();
  const proxy = await createFaultProxy({ target: soketi });
  onTestFinished(proxy.close);
  const signer = new Pusher({
    ...soketi,
    port: String(soketi.port),
    useTLS: false,
    cluster: "",
    ...(wrong === "secret" && { secret: "a-secret-that-is-not-the-app's" }),
  });
  const clock = createFastClock(10);
  const random = () => 0.5;
  const requests: RealtimeRequest[] = [];
  const reports: RealtimeReport["type"][] = [];
  const page = brokerClients[name]();
  onTestFinished(page.close);
  const answer = (request: RealtimeRequest): object => {
    if (request.type === "sign-in") {
      const signed = signer.authenticateUser(request.socketId, { id: "u1" });
      return { auth: signed.auth, userData: signed.user_data };
    }
    if (request.type !== "join") return { results: [] };
    const results = request.channels.map((channelName) => {
      const wireName = toWireName(channelName, 0);
      const { auth } = signer.authorizeChannel(request.socketId, wireName);
      return { channel: channelName, status: "joined", wireName, auth };
    });
    return { results };
  };
  const client = createRealtimeClient({
    channels,
    clock,
    random,
    transport: page.transport({
      key: wrong === "key" ? "no-app-has-this-key" : soketi.key,
      host: proxy.host,
      port: proxy.port,
    }),
    fetch: async (_url, init) => {
      const request = JSON.parse(String(init?.body)) as RealtimeRequest;
      requests.push(request);
      return Response.json({ v: PROTOCOL_VERSION, ...answer(request) });
    },
    onReport: ({ type }) => reports.push(type),
  });
  onTestFinished(client.close);
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  onTestFinished(() => queryClient.clear());
  const bridge = createQueryBridge({ client, queryClient, clock, random });
  onTestFinished(bridge.attach());
  let reads = 0;
  const queryKey = ["room"];
  const query = live({ queryKey, queryFn: async () => (reads += 1) }, [
    channels.room({ roomId: wrong }),
  ]);
  onTestFinished(new QueryObserver(queryClient, query).subscribe(() => {}));
  const startMs = clock.now();
  return {
    reports,
    counts: () => ({
      sockets: proxy.accepted(),
      requests: requests.length,
      reads,
      minutes: (clock.now() - startMs) / minuteMs,
    }),
    state: () => bridge.liveState(JSON.stringify(queryKey)),
    pageState: () => bridge.pageState().status,
    afterMinutes: (minutes: number) =>
      vi.waitFor(
        () => expect(clock.now() - startMs).toBeGreaterThanOrEqual(minutes * minuteMs),
        60_000,
      ),
  };
}

// Each test opens its own page and mostly waits.
describe.concurrent.each(ownClientNames)("%s", (name) => {
  test.for([
    // Intervals double up to a minute; the client waits half of that here.
    // Each socket costs a sign-in and a join.
    { wrong: "secret", firstSockets: 9, laterSockets: 3, perSocket: 2, perMinute: 0 },
    // A client with an app unknown to the broker retries every 8 to 10 s here. Each socket costs a request for the
    // current key, and what is switched on is read every 5 s.
    { wrong: "key", firstSockets: 9, laterSockets: 8, perSocket: 1, perMinute: 12 },
  ] as const)(
    "K16 K6 with a wrong $wrong at real Soketi sockets and requests are few, the query polls, and one report is sent",
    { timeout: 90_000 },
    async ({ wrong, firstSockets, laterSockets, perSocket, perMinute }, context) => {
      const { afterMinutes, counts, pageState, reports, state } = await setUp(context, name, wrong);
      await afterMinutes(1);
      const first = counts();
      expect(first.sockets).toBeGreaterThan(1);
      expect(first.sockets).toBeLessThanOrEqual(firstSockets);
      expect(state()).toMatchObject({ status: "polling", cause: "connection" });
      expect(pageState()).toBe("degraded");
      await afterMinutes(3);
      const last = counts();
      expect(last.sockets - first.sockets).toBeGreaterThan(0);
      expect(last.sockets - first.sockets).toBeLessThanOrEqual(2 * laterSockets);
      expect(last.requests).toBeLessThanOrEqual(
        perSocket * last.sockets + perMinute * last.minutes,
      );
      expect(last.reads - first.reads).toBeGreaterThanOrEqual(2);
      expect(state()).toMatchObject({ status: "polling", cause: "connection" });
      expect(reports.filter((type) => type === "connection-lost")).toHaveLength(1);
    },
  );
});
