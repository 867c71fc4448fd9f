import type { OfflineReason, RealtimeState } from "../connection/state.ts";
import type { ChannelPhase } from "./session.ts";

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
 * caught up. `relay`: no relay works.
 */
export type UnavailableCause = "connection" | "channel" | "relay";

/** The status of a channel, and when it was last live. */
export type ChannelState = ChannelStatus & {
  /** When the channel stopped being live, in ms since 1970. Undefined while it is live or never was. */
  readonly lastLiveAt: number | undefined;
};

/** The input from which {@link channelStatusOf} derives the status of a channel. */
export interface ChannelFacts {
  readonly connection: RealtimeState;
  /** Whether a subscription wants the channel. */
  readonly isWanted: boolean;
  /** Whether one of the wanted signals is switched on. */
  readonly isSwitchedOn: boolean;
  readonly isDenied: boolean;
  /** Join state on the open connection. Undefined without a connection. */
  readonly phase: ChannelPhase | undefined;
  /** Whether joining or catching up has failed since the channel was last live. */
  readonly isFailing: boolean;
  readonly isRelayAlive: boolean;
}

/**
 * Derives the status of a channel. An unavailable channel stays so while it is retried, until it is live,
 * off, denied or offline.
 */
export function channelStatusOf(
  facts: ChannelFacts,
  previous: ChannelStatus | undefined,
): ChannelStatus {
  const { connection, phase, isRelayAlive } = facts;
  if (connection.status === "offline" && connection.reason !== "off") {
    return { status: "offline", reason: connection.reason };
  }
  if (!facts.isWanted) return { status: "offline", reason: "idle" };
  if (!facts.isSwitchedOn || connection.status === "offline" || phase === "off") {
    return { status: "off" };
  }
  if (facts.isDenied || phase === "denied") return { status: "denied" };
  if (phase === "live" && isRelayAlive) return { status: "live" };
  if (phase === "live") return { status: "unavailable", cause: "relay" };
  if (facts.isFailing) return { status: "unavailable", cause: "channel" };
  if (phase === undefined && connection.status === "degraded") {
    return { status: "unavailable", cause: "connection" };
  }
  return previous?.status === "unavailable" ? previous : { status: "catching-up" };
}
