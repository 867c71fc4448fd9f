import { type Clock, createTimers } from "../../protocol/clock.ts";
import type { Api } from "../api.ts";
import type { Channels } from "../channels/channels.ts";
import type { Delivery } from "../channels/delivery.ts";
import type { SessionOptions } from "../channels/joins.ts";
import { createSession, type Session } from "../channels/session.ts";
import type { RealtimeReport } from "../realtime-client.ts";
import type { Transport } from "../transport.ts";
import type { BrokerKey } from "./broker-key.ts";
import type { ConnectionState } from "./connection-state.ts";
import { type Connector, createConnector } from "./connector.ts";

export interface KeepConnectedOptions
  extends Pick<SessionOptions, "random" | "spreadMs" | "onOff"> {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly channels: Channels;
  readonly delivery: Delivery;
  readonly state: ConnectionState;
  readonly key: BrokerKey;
  createApi(): Api;
  isRelayAlive(): boolean;
  onConnected(): void;
  onSignedOut(): void;
  onReport(report: RealtimeReport): void;
}

/** Makes a connector whose connections have a session with the wanted channels, and that updates the state. */
export function keepConnected(options: KeepConnectedOptions): Connector {
  const { transport, clock, random, channels, delivery, state, key, spreadMs, onReport } = options;

  const sessionOptions = {
    ...{ random, channels, delivery, spreadMs },
    onOff: options.onOff,
    onSignedOut: options.onSignedOut,
    onDenied: (channel) => {
      channel.isDenied = true;
      delivery.revoked(channel);
      // A repeated denial was reported before.
      if (channel.askedAt === undefined) onReport({ type: "denied", channel: channel.name });
    },
    onProgress: (type) => {
      if (type !== "caught-up") state.dispatch({ type });
      else if (options.isRelayAlive()) state.dispatch({ type, atMs: clock.now() });
      else state.dispatch({ type: "impaired" });
    },
  } satisfies Partial<SessionOptions>;

  const onConnected = (session: Session) => {
    const isReturn = state.get().status === "degraded";
    state.dispatch({ type: "connected" });
    options.onConnected();
    const toJoin = channels.toJoin();
    if (isReturn) session.resume(toJoin);
    else toJoin.forEach(session.join);
    if (transport.isViewerKnown !== true) void session.signIn();
  };

  return createConnector({
    clock,
    random,
    spreadMs,
    connect: (handlers) => transport.connect(handlers, key.forConnection()),
    createSession: (connection, socketId) => {
      const [api, timers] = [options.createApi(), createTimers(clock)];
      return createSession({ ...sessionOptions, connection, socketId, api, timers });
    },
    onConnected,
    onLost: ({ reason, message }) => {
      // While queries poll, a read may succeed again: then a denied channel is joined once more.
      for (const channel of channels.all()) channel.askedAt = undefined;
      if (reason === "signed-out") return options.onSignedOut();
      // Planned: it is reported only if the next connection fails.
      if (reason === "ended" || reason === "moved") return state.dispatch({ type: "behind" });
      const isNews = state.get().status !== "degraded";
      state.dispatch({ type: "lost" });
      if (reason === "refused") key.refused();
      if (isNews) onReport({ type: "connection-lost", message });
    },
  });
}
