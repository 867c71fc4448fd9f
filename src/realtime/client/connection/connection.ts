import { type Clock, createTimers } from "../../protocol/clock.ts";
import type { Api } from "../api.ts";
import type { Channel } from "../channels/channel.ts";
import type { Channels } from "../channels/channels.ts";
import type { Delivery } from "../channels/delivery.ts";
import { createSession, type Session } from "../channels/session.ts";
import type { Environment } from "../environment.ts";
import { createListeners, type OnListenerError } from "../listeners.ts";
import type { RealtimeReport } from "../realtime-client.ts";
import type { StatusWatch } from "../rollout/status-watch.ts";
import type { Transport } from "../transport.ts";
import type { BrokerKey } from "./broker-key.ts";
import { createConnector } from "./connector.ts";
import { watchPresence } from "./presence.ts";
import {
  isOver,
  type OfflineReason,
  type RealtimeState,
  type StateEvent,
  transition,
} from "./state.ts";

export interface ConnectionOptions {
  readonly transport: Transport | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Environment;
  readonly channels: Channels;
  readonly delivery: Delivery;
  readonly key: BrokerKey;
  /** Undefined without a transport. */
  watch(): StatusWatch | undefined;
  createApi(): Api;
  spreadMs(channel?: Channel): number;
  isRelayAlive(): boolean;
  /** Called when the state of a channel may have changed. */
  onChannels(): void;
  readonly onListenerError: OnListenerError;
  onReport(report: RealtimeReport): void;
}

/** The connection: open while a wanted channel is on and the page has a network, with a session on it. */
export interface Connection {
  state(): RealtimeState;
  onChange(listener: () => void): () => void;
  /** The session of the open connection. */
  session(): Session | undefined;
  /** Closes the open connection and opens another one. */
  renew(): void;
  /** Shortens the wait for the next attempt. */
  retrySoon(): void;
  /** Opens or closes the connection after the wanted channels have changed. */
  settle(): void;
  /** The route does not accept the viewer's session. */
  signOut(): void;
  stop(reason: OfflineReason): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { transport, clock, random, environment, channels, delivery, key } = options;
  const { watch, spreadMs, onReport } = options;
  const listeners = createListeners<() => void>(options.onListenerError);
  const firstReason = transport === undefined ? "no-transport" : "idle";
  let state: RealtimeState = { status: "offline", reason: firstReason, lastCaughtUpAt: undefined };
  let stopListening: (() => void) | undefined;

  const dispatch = (event: StateEvent) => {
    const next = transition(state, event);
    if (next !== state) {
      state = next;
      listeners.each((listener) => listener());
    }
    options.onChannels();
  };

  const onDenied = (channel: Channel) => {
    channel.isDenied = true;
    delivery.revoked(channel);
    // A repeated denial was reported before.
    if (channel.askedAt === undefined) onReport({ type: "denied", channel: channel.name });
  };

  const onInvalid = (channel: Channel) => {
    if (channel.isInvalid !== true) onReport({ type: "invalid", channel: channel.name });
    channel.isInvalid = true;
  };

  const connector =
    transport &&
    createConnector({
      clock,
      random,
      spreadMs,
      connect: (handlers) => transport.connect(handlers, key.forConnection()),
      createSession: (connection, socketId) =>
        createSession({
          connection,
          socketId,
          random,
          channels,
          delivery,
          spreadMs,
          onDenied,
          api: options.createApi(),
          timers: createTimers(clock),
          onOff: () => watch()?.doubt(),
          onInvalid,
          onSignedOut: signOut,
          onProgress: (type) => {
            if (type !== "caught-up") dispatch({ type });
            else if (options.isRelayAlive()) dispatch({ type, atMs: clock.now() });
            else dispatch({ type: "impaired" });
          },
        }),
      onConnected: (session) => {
        const isReturn = state.status === "degraded";
        dispatch({ type: "connected" });
        watch()?.replan();
        const toJoin = channels.toJoin();
        if (isReturn) session.resume(toJoin);
        else toJoin.forEach(session.join);
        if (transport.isViewerKnown !== true) void session.signIn();
      },
      onLost: ({ reason, message }) => {
        // While queries poll, a read may succeed again: then a denied channel is joined once more.
        for (const channel of channels.all()) channel.askedAt = undefined;
        if (reason === "signed-out") return signOut();
        // Planned: it is reported only if the next connection fails.
        if (reason === "ended" || reason === "moved") return dispatch({ type: "behind" });
        const isNews = state.status !== "degraded";
        dispatch({ type: "lost" });
        if (reason === "refused") key.refused();
        if (isNews) onReport({ type: "connection-lost", message });
      },
    });

  const start = () => {
    if (state.status !== "offline" || isOver(state) || !channels.isAnyOn()) return;
    stopListening ??= listen();
    if (!environment.isOnline()) return dispatch({ type: "stop", reason: "no-network" });
    dispatch({ type: "start" });
    connector?.open();
  };

  const stop = (reason: OfflineReason) => {
    connector?.close();
    if (reason !== "no-network") {
      stopListening?.();
      stopListening = undefined;
    }
    dispatch({ type: "stop", reason });
  };

  const listen = () =>
    watchPresence({
      environment,
      clock,
      onOffline: () => stop("no-network"),
      onOnline: start,
      onVisible: () => connector?.retrySoon(),
      // After sleep the page may have missed signals, and its socket may be dead without an event.
      onWake: () => {
        connector?.session()?.catchUp();
        connector?.check();
      },
    });

  const signOut = () => {
    watch()?.stop();
    channels.all().forEach(delivery.revoked);
    stop("signed-out");
    onReport({ type: "signed-out" });
  };

  return {
    state: () => state,
    onChange: listeners.add,
    session: () => connector?.session(),
    renew: () => connector?.renew(),
    retrySoon: () => connector?.retrySoon(),
    signOut,
    stop,
    settle: () => {
      if (!isOver(state)) {
        const isEmpty = channels.all().length === 0;
        if (isEmpty) watch()?.stop();
        else watch()?.start();
        if (channels.isAnyOn()) start();
        else stop(isEmpty ? "idle" : "off");
      }
      options.onChannels();
    },
  };
}
