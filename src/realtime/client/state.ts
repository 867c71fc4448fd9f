/** Why there is no connection and none is being sought. */
export type OfflineReason =
  /** No channel is wanted right now. */
  | "idle"
  /** What the page follows is switched off for now: pages work by fetching. */
  | "off"
  /** No transport was configured: pages work by fetching. */
  | "no-transport"
  /** The browser says that it has no network. */
  | "no-network"
  /** The server does not know the viewer. Final: sign in and make a new client. */
  | "signed-out"
  /** `close()` was called. Final. */
  | "closed";

interface Seen {
  /** When the cache was last known to be as fresh as the database, in ms since 1970. */
  readonly lastCaughtUpAt: number | undefined;
}

/** How far what is on the page can be trusted to be current. */
export type RealtimeState =
  | ({ readonly status: "offline"; readonly reason: OfflineReason } & Seen)
  /** The first connection is being opened. */
  | ({ readonly status: "connecting" } & Seen)
  /** Connected; some channel is still being joined or asked what it missed. */
  | ({ readonly status: "catching-up" } & Seen)
  /** Every wanted channel delivers, and nothing from before is missing. */
  | { readonly status: "live"; readonly lastCaughtUpAt: number }
  /** Live delivery is down, wholly or for some channels; it is retried, and pages work by fetching. */
  | ({ readonly status: "degraded"; readonly cause: "connection" | "channels" } & Seen);

export type StateEvent =
  | { readonly type: "start" }
  | { readonly type: "connected" }
  | { readonly type: "lost" }
  /** A channel is being joined or caught up. */
  | { readonly type: "behind" }
  /** A channel could not be joined or caught up and waits for its next try. */
  | { readonly type: "impaired" }
  | { readonly type: "caught-up"; readonly atMs: number }
  | { readonly type: "stop"; readonly reason: OfflineReason };

/** Moves the state. An event that has no meaning in a state leaves it as it is, by identity. */
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
      // A new channel on a live page is not yet live, and the page says so.
      return event.type === "behind" && state.status === "live"
        ? { status: "catching-up", lastCaughtUpAt }
        : state;
    case "degraded":
      // Retrying is not recovering: the state stays until the channels really are caught up. A broker that
      // accepts sockets and refuses them a moment later must not keep pages from polling.
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

/** Reasons no event leads out of: such a client is replaced, not revived. */
export function isFinal(reason: OfflineReason): boolean {
  return reason === "signed-out" || reason === "closed" || reason === "no-transport";
}
