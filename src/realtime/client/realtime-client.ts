import type { ChannelRef, Contract, contract } from "../protocol/channel.ts";
import type { ErrorCode } from "../protocol/messages.ts";
import type { LiveFor } from "../protocol/rollout.ts";
import type { ChannelSignals, Signal } from "../protocol/signal.ts";
import type { ChannelState } from "./channel-state.ts";
import type { Clock } from "./clock.ts";
import type { Environment } from "./environment.ts";
import type { ChannelPhase } from "./session.ts";
import type { RealtimeState } from "./state.ts";
import type { TraceListener, Tracing } from "./trace.ts";
import type { Transport } from "./transport.ts";

export interface RealtimeClientOptions {
  /** The registry made by `defineChannels`. */
  readonly channels: { readonly [contract]: Contract };
  /**
   * How signals get here, e.g. `pusher({ key, host })`. `undefined` — nobody is signed in, or no broker
   * is configured — opens nothing and reports nothing: pages work by fetching.
   */
  readonly transport: Transport | undefined;
  /** Path of the one route. Default `/api/realtime`. */
  readonly endpoint?: string;
  /** What is switched on. Default: everything, for good. */
  readonly rollout?: ClientRollout;
  /** Called for what somebody should know about; default: nobody is told. */
  readonly onReport?: (report: RealtimeReport) => void;
  /** In development: is told each step from a signal to a fetch. Costs nothing when it is not given. */
  readonly onTrace?: TraceListener;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  readonly environment?: Environment;
}

/** How a client starts, and follows what is switched on and off while the page is open. */
export interface ClientRollout {
  /** What was on for this viewer when the page was rendered. */
  readonly live: LiveFor;
  /** Where changes are announced. Without it they are found by asking, within 75 s. */
  readonly control?: ChannelRef;
  /** Where the control channel stood before `live` was read: what was announced since is not missed. */
  readonly cursor?: string | undefined;
}

/** What is worth a line in the console or in telemetry. None of it is thrown: pages go on by fetching. */
export type RealtimeReport =
  /** The viewer may not read this channel; it is not asked for again. */
  | { readonly type: "denied"; readonly channel: string }
  /** The route has answered that the session is not valid; everything stopped. */
  | { readonly type: "signed-out" }
  /**
   * The route refuses whole requests. It is retried, and queries poll. Reported once for each code.
   * `code` is undefined for an answer that is not of the protocol: a proxy, a firewall or a login page
   * answers in place of the route.
   */
  | {
      readonly type: "refused";
      readonly code: ErrorCode | undefined;
      readonly httpStatus: number;
    }
  /** No relay delivers signals. Queries poll until one does. */
  | { readonly type: "relay-silent" }
  | { readonly type: "connection-lost"; readonly message: string }
  /** A listener threw. The others were called all the same. */
  | { readonly type: "listener-failed"; readonly error: unknown };

/** What a subscriber of a channel is told. */
export interface ChannelListener {
  /** `isKnown` is false for a name this build does not declare: it means "this channel changed". */
  signal(signal: Signal, isKnown: boolean): void;
  /** It cannot be told what was missed: everything on the channel may have changed. */
  gap(): void;
}

/** What an observer of all channels is told, by channel name. */
export interface ChannelObserver {
  signal(channel: string, signal: Signal, isKnown: boolean): void;
  gap(channel: string): void;
  /** The viewer could read the channel and no longer may: what was read is not to be shown any more. */
  revoked(channel: string): void;
}

/** How one channel is doing, for people who look into it. */
export interface ChannelInspection {
  readonly channel: string;
  /** `undefined` while there is no connection, or the channel is not wanted on it. */
  readonly phase: ChannelPhase | undefined;
  /** When the server last said where the channel is followed from, in ms since 1970. */
  readonly cursorAtMs: number | undefined;
}

/** The browser core, without any framework. */
export interface RealtimeClient {
  /**
   * Listens to a channel and hands back what stops it. The first subscription anywhere opens the
   * connection; a channel is left 3 s after its last listener, and the connection closed with the last
   * channel. Without a listener it only keeps the channel open. With `on(channel, …names)` it is joined
   * only while one of these signals is switched on.
   */
  subscribe(channel: ChannelRef | ChannelSignals, listener?: ChannelListener): () => void;
  /**
   * Observes all open channels, without keeping any of them open: for a cache, which also holds data that
   * no component shows now. Returns a function that stops it. While no observer is left (React has taken
   * the provider's effects down), the client remembers the channels on which something arrived. The next
   * observer gets a `gap`, or `revoked`, for each of them at once: read bindings before `observe`.
   */
  observe(observer: ChannelObserver): () => void;
  /**
   * Where the channel is followed from, as an opaque cursor; a given one counts where there is none. It
   * must not be younger than any data that hangs on the channel.
   */
  startFrom(channel: string, cursor?: string): string | undefined;
  /**
   * Asks for a denied channel once more: a read has succeeded, so the right may have come back since. Once
   * until the channel is live again or the connection was lost, whatever else is readable.
   */
  askAgain(channel: string): void;
  /**
   * Milliseconds over which the audience of a channel shall spread what a signal makes all of them do at
   * once, as the server last said; 0 for a channel that is not followed, or a server that does not tell.
   */
  spreadMs(channel: string): number;
  /** What `onTrace` is told, for whoever comes later. */
  readonly tracing: Tracing;
  inspect(): readonly ChannelInspection[];
  /** Whether one of these signals of the channel is switched on for this viewer; `undefined` for any. */
  isSwitchedOn(channel: ChannelRef, names: readonly string[] | undefined): boolean;
  /**
   * Whether a channel delivers now. The object keeps its identity until the state changes. A channel that
   * no subscription wants is `offline` with reason `idle`.
   */
  channelState(channel: string): ChannelState;
  /** Calls back with the name of each channel whose state has changed. Returns a function that stops it. */
  onChannelStateChange(listener: (channel: string) => void): () => void;
  getState(): RealtimeState;
  /** Calls back after every change of the state; hands back what stops it. */
  onStateChange(listener: () => void): () => void;
  /** Leaves everything at once, for good. Idempotent. */
  close(): void;
}
