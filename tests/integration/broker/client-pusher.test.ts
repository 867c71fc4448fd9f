import { randomUUID } from "node:crypto";
import Pusher from "pusher";
import { createRealtimeClient } from "querycast";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import type { RealtimeState } from "@/realtime/client/connection/state.ts";
import { channel, defineChannels } from "@/realtime/protocol/channel.ts";
import type { RealtimeRequest, ReplayedSignal } from "@/realtime/protocol/messages.ts";
import { encodeSignal } from "@/realtime/protocol/signal.ts";
import { PROTOCOL_VERSION } from "@/realtime/protocol/version.ts";
import { toWireName } from "@/realtime/protocol/wire-name.ts";
import { freePort } from "../../../scripts/parts/ports.ts";
import {
  type BrokerClientName,
  brokerClientNames,
  brokerClients,
  ownClientNames,
} from "../../support/broker/broker-clients.ts";
import {
  type SoketiConnection,
  sharedSoketi,
  startOwnSoketi,
} from "../../support/broker/soketi.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("comment.created"),
});

/** Tests run at the same time on one broker, so the rooms of each client have a suffix of their own. */
const suffixes = new WeakMap<object, string>();

/** A client on a real broker, with a route in memory that signs as the real one does. */
function setUp(
  { onTestFinished }: TestContext,
  name: BrokerClientName,
  soketi: SoketiConnection,
  { key = soketi.key } = {},
) {
  const page = brokerClients[name]();
  onTestFinished(page.close);
  const broker = new Pusher({ ...soketi, port: String(soketi.port), useTLS: false, cluster: "" });
  const log: ReplayedSignal[] = [];
  const requests: RealtimeRequest[] = [];
  const answer = (request: RealtimeRequest) => {
    switch (request.type) {
      case "join":
        return request.channels.map((name) => {
          const wireName = toWireName(name, 0);
          const { auth } = broker.authorizeChannel(request.socketId, wireName);
          return { channel: name, status: "joined", wireName, auth };
        });
      case "catch-up":
        return request.channels.map(({ channel: name, cursor }) => {
          const signals = log.slice(Number(cursor ?? 0));
          const status = cursor === null ? "gap" : "replay";
          return { channel: name, status, cursor: String(log.length), signals };
        });
      case "sign-in":
      case "positions":
      case "rollout":
        return [];
    }
  };
  const client = createRealtimeClient({
    channels,
    transport: page.transport({ key, host: soketi.host, port: soketi.port }),
    fetch: async (_url, init) => {
      const request = JSON.parse(String(init?.body)) as RealtimeRequest;
      requests.push(request);
      if (request.type !== "sign-in") {
        return Response.json({ v: PROTOCOL_VERSION, results: answer(request) });
      }
      const signed = broker.authenticateUser(request.socketId, { id: "u1" });
      return Response.json({ v: PROTOCOL_VERSION, auth: signed.auth, userData: signed.user_data });
    },
  });
  onTestFinished(client.close);
  suffixes.set(client, randomUUID());
  const states: RealtimeState["status"][] = [];
  client.onStateChange(() => states.push(client.getState().status));
  const isLive = () => vi.waitFor(() => expect(client.getState().status).toBe("live"), 15_000);
  let serial = 0;
  const signal = () => {
    serial += 1;
    const made = { id: `s${serial}`, name: "comment.created", ids: undefined, origin: undefined };
    log.push({ name: made.name, data: encodeSignal(made) });
    return made;
  };
  const publish = async (name: string) => {
    const made = signal();
    await broker.trigger(toWireName(name, 0), made.name, encodeSignal(made));
  };
  return { client, broker, states, requests, isLive, publish, signal };
}

/** Signals of a channel, and the function that unsubscribes. */
function listen(client: ReturnType<typeof createRealtimeClient>, roomId: string) {
  const received: string[] = [];
  const ref = channels.room({ roomId: `${roomId}-${suffixes.get(client)}` });
  const stop = client.subscribe(ref, {
    signal: ({ id }) => received.push(id),
    gap: () => received.push("gap"),
  });
  return { ref, received, stop };
}

// Each test opens its own page and mostly waits.
describe.concurrent.each(brokerClientNames)("%s", (name) => {
  test("a channel on a real broker becomes live and delivers", async (context) => {
    const { client, isLive, publish } = setUp(context, name, sharedSoketi());
    const { ref, received } = listen(client, "delivers");
    await isLive();
    await publish(ref.name);
    await vi.waitFor(() => expect(received).toEqual(["gap", "s1"]));
  });

  test("a channel that is left and joined again delivers each signal once", async (context) => {
    const { client, isLive, publish } = setUp(context, name, sharedSoketi());
    listen(client, "stays");
    const first = listen(client, "again");
    await isLive();
    first.stop();
    const second = listen(client, "again");
    await publish(second.ref.name);
    await vi.waitFor(() => expect(second.received).toEqual(["s1"]));
    expect(first.received).toEqual(["gap"]);
  });

  test("a frozen broker is detected within 15 s", async (context) => {
    const soketi = await startOwnSoketi();
    context.onTestFinished(soketi.stop);
    const { client, isLive } = setUp(context, name, soketi);
    listen(client, "frozen");
    await isLive();
    process.kill(soketi.pid(), "SIGSTOP");
    context.onTestFinished(() => void process.kill(soketi.pid(), "SIGCONT"));
    await vi.waitFor(() => expect(client.getState().status).toBe("degraded"), 15_000);
  });
});

describe.concurrent.each(ownClientNames)("%s", (name) => {
  test("the broker can end the sockets of a signed-in user, and the client reconnects", async (context) => {
    const soketi = await startOwnSoketi();
    context.onTestFinished(soketi.stop);
    const { client, broker, isLive, states, requests } = setUp(context, name, soketi);
    listen(client, "terminated");
    await isLive();
    await vi.waitFor(async () => {
      await broker.terminateUserConnections("u1");
      expect(states).toContain("degraded");
    }, 10_000);
    await isLive();
    expect(requests.filter(({ type }) => type === "sign-in").length).toBeGreaterThan(1);
  });

  test("S3.22 signals published while a broker is killed and restarted are replayed within 5 s", async (context) => {
    const first = await startOwnSoketi();
    const { client, isLive, signal, states } = setUp(context, name, first);
    const { received } = listen(client, "gap");
    await isLive();
    await first.kill();
    await vi.waitFor(() => expect(client.getState().status).toBe("degraded"));
    signal();
    const second = await startOwnSoketi({ port: first.port });
    context.onTestFinished(second.stop);
    const upAtMs = Date.now();
    await isLive();
    expect(received).toEqual(["gap", "s1"]);
    expect(Date.now() - upAtMs).toBeLessThan(5_000);
    expect(states).toEqual(["connecting", "catching-up", "live", "degraded", "degraded", "live"]);
  });

  test("S3.22 after an announced shutdown only the client reconnects, and each attempt is answered", async (context) => {
    const port = await freePort();
    const first = new WebSocketServer({ port, host: "127.0.0.1" });
    const greeting = { socket_id: "1.1", activity_timeout: 30 };
    first.on("connection", (socket) => {
      const data = JSON.stringify(greeting);
      socket.send(JSON.stringify({ event: "pusher:connection_established", data }));
    });
    const transport = brokerClients[name]().transport({ key: "any", host: "127.0.0.1", port });
    const attempt = () => {
      const received: string[] = [];
      const { close } = transport.connect({
        connected: () => received.push("connected"),
        disconnected: ({ message }) => received.push(message),
        subscribed: () => {},
        subscriptionFailed: () => {},
        event: () => {},
      });
      context.onTestFinished(close);
      return received;
    };
    const lost = attempt();
    await vi.waitFor(() => expect(lost).toEqual(["connected"]));
    first.close();
    for (const socket of first.clients) socket.close(4200);
    await vi.waitFor(() => expect(lost).toEqual(["connected", "The socket closed (4200)."]));
    const refused = attempt();
    await vi.waitFor(() => expect(refused).toHaveLength(1), 15_000);
    expect(refused).toEqual(["The socket closed (1006)."]);
  });

  test("an unknown app is refused without rapid retries", async (context) => {
    const { client, states } = setUp(context, name, sharedSoketi(), { key: "nobody" });
    listen(client, "refused");
    await vi.waitFor(() => expect(client.getState().status).toBe("degraded"), 10_000);
    expect(states).toEqual(["connecting", "degraded"]);
  });
});
