import type { ChannelRef, Contract, contract } from "../protocol/channel.ts";
import type { Clock } from "../protocol/clock.ts";
import type { EphemeralRef } from "../protocol/ephemeral/definition.ts";
import type { MessageFrame } from "../protocol/ephemeral/message.ts";
import type { ErrorCode } from "../protocol/messages.ts";
import type { LiveFor } from "../protocol/rollout.ts";
import type { ChannelSignals, Signal } from "../protocol/signal.ts";
import type { ChannelState, JoinState } from "./channels/channel-state.ts";
import type { RealtimeState } from "./connection/state.ts";
import type { Environment } from "./environment.ts";
import type { TraceListener, Tracing } from "./trace.ts";
import type { Transport } from "./transport.ts";

/** Options of `createRealtimeClient`. */
export interface RealtimeClientOptions {
  /** The registry made by `defineChannels`. */
  readonly channels: { readonly [contract]: Contract };
  /**
   * How signals are received, e.g. `pusher({ key, host })`. Pass `undefined` when the viewer is signed out
   * or no broker is configured: the client then opens no connection, and queries only fetch.
   */
  readonly transport: Transport | undefined;
  /** URL of the route. Default `/api/realtime`. */
  readonly endpoint?: string;
  /** What is on for the viewer. Default: everything. */
  readonly rollout?: ClientRollout;
  /** Called for problems worth logging. What it throws is printed. Default: none. */
  readonly onReport?: (report: RealtimeReport) => void;
  /** Called for each step from a signal to a fetch, for development. Without it no events are made. */
  readonly onTrace?: TraceListener;
  /** Default: `fetch` of the global object. */
  readonly fetch?: typeof fetch;
  /** Default: the clock of the system. */
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Default: the page that the client runs in. */
  readonly environment?: Environment;
}

/** What is on for the viewer at the start, and how the client learns of changes. */
export interface ClientRollout {
  /** What was on for this viewer when the page was rendered. */
  readonly live: LiveFor;
  /** Channel on which changes are announced. Without it the client finds them by polling, within 75 s. */
  readonly control?: ChannelRef;
  /** Cursor of the control channel, taken before `live` was read, so that no announcement is missed. */
  readonly cursor?: string | undefined;
}

/** A problem for the console or telemetry. The client does not throw it; queries still fetch. */
export type RealtimeReport =
  /** The viewer may not read this channel. */
  | { readonly type: "denied"; readonly channel: string }
  /** The server's contract has no such channel, e.g. because page and server are of different releases. */
  | { readonly type: "invalid"; readonly channel: string }
  /** The route answered that the session is not valid. The client has stopped for good. */
  | { readonly type: "signed-out" }
  /**
   * The route refuses whole requests. The client retries, and queries poll. Reported once for each code.
   * `code` is undefined if the response is not of the protocol, e.g. from a proxy, firewall or login page.
   */
  | {
      readonly type: "refused";
      readonly code: ErrorCode | undefined;
      readonly httpStatus: number;
    }
  /** No relay delivers signals. Queries poll until one does. */
  | { readonly type: "relay-silent" }
  /** The route has stopped answering. Queries poll until it answers again. */
  | { readonly type: "route-silent" }
  /** The connection was lost or could not be opened. The client retries, and queries poll. */
  | { readonly type: "connection-lost"; readonly message: string }
  /** A listener threw. The others were called. */
  | { readonly type: "listener-failed"; readonly error: unknown };

/** Callbacks of a subscription to one channel. */
export interface ChannelListener {
  /**
   * A signal arrived. `isKnown` is false for a name that this build does not declare: treat it like
   * {@link ChannelListener.gap}.
   */
  signal(signal: Signal, isKnown: boolean): void;
  /** An unknown part of the signals was missed: anything on the channel may have changed. */
  gap(): void;
  /** The viewer may not, or no longer, read the channel. If it was joined before, {@link gap} is called first. */
  revoked?(): void;
  /** A message of an ephemeral channel arrived, and is valid for this time in ms. */
  message?(message: MessageFrame, leftMs: number): void;
}

/** Callbacks of an observer of all channels, by channel name. See {@link ChannelListener}. */
export interface ChannelObserver {
  signal(channel: string, signal: Signal, isKnown: boolean): void;
  gap(channel: string): void;
  /** The viewer may no longer read the channel: remove what was read. */
  revoked(channel: string): void;
}

/** State of one channel for debugging. */
export interface ChannelInspection {
  readonly channel: string;
  /** Undefined without a connection, or when the channel is not joined on it. */
  readonly joinState: JoinState | undefined;
  /** When the client last got a cursor of the channel, in ms since 1970. */
  readonly cursorAtMs: number | undefined;
}

/** The browser client. Made by `createRealtimeClient`. */
export interface RealtimeClient {
  /**
   * Subscribes to a channel. Returns a function that unsubscribes. The first subscription opens the
   * connection. A channel is left 3 s after its last subscription, and the connection is closed with the
   * last channel. Without a listener the subscription only keeps the channel open. With
   * `on(channel, …names)` the channel is joined only while one of these signals is switched on.
   */
  subscribe(
    channel: ChannelRef | EphemeralRef | ChannelSignals,
    listener?: ChannelListener,
  ): () => void;
  /**
   * Observes all open channels without keeping them open, for a cache that also has data which no component
   * shows. Returns a function that stops it. After the last observer was removed, e.g. because React has
   * unmounted the provider's effects, the client records the channels with events. The next observer gets a
   * `gap` or `revoked` for each of them before `observe` returns.
   */
  observe(observer: ChannelObserver): () => void;
  /**
   * Returns the cursor from which the channel is followed. Without one, `cursor` is used from now on. It
   * must not be younger than the data that is bound to the channel, else changes are missed.
   */
  startFrom(channel: string, cursor?: string): string | undefined;
  /**
   * Joins a denied channel once more. To be called after a successful read, which shows that the viewer may
   * have access again. Further calls have no effect until the channel was live or the connection lost.
   */
  askAgain(channel: string): void;
  /**
   * Time in ms over which the clients on a channel spread their fetches after a signal, from the server's
   * latest response. 0 if unknown.
   */
  spreadMs(channel: string): number;
  /** The events of `onTrace`, for listeners that are added later. */
  readonly tracing: Tracing;
  /** The state of every wanted channel. */
  inspect(): readonly ChannelInspection[];
  /** Whether one of these signals of the channel is on for this viewer. `undefined`: any signal. */
  isSwitchedOn(channel: ChannelRef, names: readonly string[] | undefined): boolean;
  /**
   * Whether a channel delivers now. Returns the same object until the state changes. A channel without
   * subscription is `offline` with reason `idle`.
   */
  channelState(channel: string): ChannelState;
  /** Calls back with the name of each channel whose state changed. Returns a function that stops it. */
  onChannelStateChange(listener: (channel: string) => void): () => void;
  /** The state of the connection. Returns the same object until the state changes. */
  getState(): RealtimeState;
  /** Calls back after every change of {@link RealtimeClient.getState}. Returns a function that stops it. */
  onStateChange(listener: () => void): () => void;
  /** Closes the connection and removes all subscriptions, for good. Idempotent. */
  close(): void;
}
