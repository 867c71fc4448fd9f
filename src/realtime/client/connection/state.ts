/** Why there is no connection and none is being opened. */
export type OfflineReason =
  /** There is no subscription. */
  | "idle"
  /** All subscribed signals are switched off for this viewer. */
  | "off"
  /** The client has no transport. Final. */
  | "no-transport"
  /** The browser reports that it is offline. */
  | "no-network"
  /** The server does not accept the viewer's session. Final: sign in and make a new client. */
  | "signed-out"
  /** `close()` was called. Final. */
  | "closed";

interface Seen {
  /** When the cache was last known to be as fresh as the database, in ms since 1970. */
  readonly lastCaughtUpAt: number | undefined;
}

/** State of the connection and of the wanted channels together. Queries fetch in every state. */
export type RealtimeState =
  | ({ readonly status: "offline"; readonly reason: OfflineReason } & Seen)
  /** The first connection is being opened. */
  | ({ readonly status: "connecting" } & Seen)
  /** Connected, and a channel is being joined or caught up. */
  | ({ readonly status: "catching-up" } & Seen)
  /** Every wanted channel delivers and is caught up. */
  | { readonly status: "live"; readonly lastCaughtUpAt: number }
  /** The connection, or delivery on some channels, failed. It is retried, and queries poll. */
  | ({ readonly status: "degraded"; readonly cause: "connection" | "channels" } & Seen);

export type StateEvent =
  | { readonly type: "start" }
  | { readonly type: "connected" }
  | { readonly type: "lost" }
  /** A channel is being joined or caught up. */
  | { readonly type: "behind" }
  /** A channel could not be joined or caught up and waits for a retry. */
  | { readonly type: "impaired" }
  | { readonly type: "caught-up"; readonly atMs: number }
  | { readonly type: "stop"; readonly reason: OfflineReason };

/** Computes the next state. Returns the same object for an event that does not apply to the state. */
export function transition(state: RealtimeState, event: StateEvent): RealtimeState {
  const { lastCaughtUpAt } = state;
  if (event.type === "stop") return stop(state, event.reason);
  switch (state.status) {
    case "offline":
      return event.type === "start" && !isFinal(state.reason)
        ? { status: "connecting", lastCaughtUpAt }
        : state;
    case "connecting":
      if (event.type === "connected") return { status: "catching-up", lastCaughtUpAt };
      return event.type === "lost" ? lost(lastCaughtUpAt) : state;
    case "catching-up":
    case "live":
      if (event.type === "lost") return lost(lastCaughtUpAt);
      if (event.type === "impaired") {
        return { status: "degraded", cause: "channels", lastCaughtUpAt };
      }
      if (event.type === "caught-up") return { status: "live", lastCaughtUpAt: event.atMs };
      // A channel was added to a live page.
      return event.type === "behind" && state.status === "live"
        ? { status: "catching-up", lastCaughtUpAt }
        : state;
    case "degraded":
      // Stays degraded until the channels are caught up: a broker that accepts sockets and drops them a
      // moment later must not keep queries from polling.
      if (state.cause === "connection") {
        return event.type === "connected"
          ? { status: "degraded", cause: "channels", lastCaughtUpAt }
          : state;
      }
      if (event.type === "lost") return lost(lastCaughtUpAt);
      return event.type === "caught-up" ? { status: "live", lastCaughtUpAt: event.atMs } : state;
  }
}

function lost(lastCaughtUpAt: number | undefined): RealtimeState {
  return { status: "degraded", cause: "connection", lastCaughtUpAt };
}

function stop(state: RealtimeState, reason: OfflineReason): RealtimeState {
  if (state.status === "offline") {
    const isKept = state.reason === reason || (isFinal(state.reason) && reason !== "closed");
    if (isKept) return state;
  }
  return { status: "offline", reason, lastCaughtUpAt: state.lastCaughtUpAt };
}

/** Whether no event leads out of this state. Such a client has to be replaced. */
export function isOver(state: RealtimeState): boolean {
  return state.status === "offline" && isFinal(state.reason);
}

function isFinal(reason: OfflineReason): boolean {
  return reason === "signed-out" || reason === "closed" || reason === "no-transport";
}
