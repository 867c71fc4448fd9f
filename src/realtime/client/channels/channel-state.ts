import type { OfflineReason } from "../connection/state.ts";

/**
 * Join state of a channel: queued → joining → subscribing → acknowledged → catching-up → live. The catch-up
 * follows the acknowledgement, because signals published between a catch-up and a later subscription would
 * be lost. `waiting` (for a retry) leads back to `queued` or `acknowledged`. `denied` and `off` are final,
 * until the channel is joined again.
 */
export type JoinState =
  | "queued"
  | "joining"
  | "subscribing"
  | "acknowledged"
  | "catching-up"
  | "live"
  | "waiting"
  | "denied"
  | "off";

/** Whether a channel delivers signals now. */
export type ChannelStatus =
  /** Joined and caught up, and the relay is known to work. */
  | { readonly status: "live" }
  /** The channel is being joined or caught up for the first time, or after a planned interruption. */
  | { readonly status: "catching-up" }
  /** Delivery failed. It is retried with jitter. Queries poll until the channel is live again. */
  | { readonly status: "unavailable"; readonly cause: UnavailableCause }
  /** The channel is switched off for this viewer. Queries still fetch. */
  | { readonly status: "off" }
  /** The route answered that this viewer may not read the channel. */
  | { readonly status: "denied" }
  /** There is no connection and none is being opened. `idle`: no subscription wants the channel. */
  | { readonly status: "offline"; readonly reason: OfflineReason };

/**
 * Why a channel is unavailable. `connection`: there is no connection. `channel`: it could not be joined or
 * caught up. `relay`: no relay works, or the route does not answer, so that nobody knows.
 */
export type UnavailableCause = "connection" | "channel" | "relay";

/** The status of a channel, and when it was last live. */
export type ChannelState = ChannelStatus & {
  /** When the channel stopped being live, in ms since 1970. Undefined while it is live or never was. */
  readonly lastLiveAt: number | undefined;
};
