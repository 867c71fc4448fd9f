import type { limits } from "./limits.ts";
import type { LiveFor } from "./rollout.ts";

/**
 * Requests and answers of the one route. All are JSON over POST; every request names its `type` and
 * the protocol version. Names here are channel names (`resource.article.42`), never wire names: what
 * the broker calls a channel is the server's to tell.
 */

/** Asks to join channels. Answered per channel; one decision never hides another. */
export interface JoinRequest {
  readonly v: number;
  readonly type: "join";
  /** Given by the broker on connect, `digits.digits`. */
  readonly socketId: string;
  /** Public key of the app the socket is connected with. Absent: the current one. */
  readonly key?: string | undefined;
  readonly channels: readonly string[];
}

export type JoinResult =
  /** `auth` is the broker's signature for `wireName` and this socket alone. */
  | {
      readonly channel: string;
      readonly status: "joined";
      readonly wireName: string;
      readonly auth: string;
      /** As for {@link Spread}, for what this channel's audience does by itself, e.g. reading again. */
      readonly spreadMs?: number | undefined;
    }
  | Refusal;

/** How large the crowd is that would ask again in the same moment. */
export interface Spread {
  /**
   * Milliseconds over which this client shall spread what all clients do at once, 0 to
   * {@link limits.spreadMs}. Absent: the server does not know how many they are.
   */
  readonly spreadMs?: number | undefined;
}

/** How well the relay works, as far as the server knows. */
export interface RelayAge {
  /**
   * Milliseconds since the relay had last delivered everything that was committed. Absent: the server does
   * not know. From {@link limits.relaySilenceMs} on no relay counts as working.
   */
  readonly relayAgeMs?: number | undefined;
}

export interface JoinResponse extends Spread, RelayAge {
  readonly v: number;
  readonly results: readonly JoinResult[];
}

/** Asks for a signature that ties the socket to the user, so that the broker can end it. */
export interface SignInRequest {
  readonly v: number;
  readonly type: "sign-in";
  readonly socketId: string;
  /** See {@link JoinRequest}. */
  readonly key?: string | undefined;
}

export interface SignInResponse {
  readonly v: number;
  readonly auth: string;
  readonly userData: string;
}

/** Asks what each channel missed since a cursor; without a cursor the answer is `gap` and a first cursor. */
export interface CatchUpRequest {
  readonly v: number;
  readonly type: "catch-up";
  readonly channels: readonly { readonly channel: string; readonly cursor: string | null }[];
}

export type CatchUpResult =
  | ((
      | { readonly status: "upToDate" }
      | { readonly status: "replay"; readonly signals: readonly ReplayedSignal[] }
      /** The log cannot tell what was missed: everything bound to the channel is stale. */
      | { readonly status: "gap" }
    ) &
      CaughtUp)
  | Refusal;

/** Where a channel stands. */
export interface CaughtUp {
  readonly channel: string;
  /** What the broker calls it now. Whoever joined another name has missed that it moved. */
  readonly wireName?: string;
  readonly cursor: string;
  /** Ids of the youngest signals up to the cursor: the first live frame comes after one of them. */
  readonly recent?: readonly string[];
  /** See {@link JoinResult}. */
  readonly spreadMs?: number | undefined;
}

/** A signal out of the log: its name, and the frame a live delivery would have carried. */
export interface ReplayedSignal {
  readonly name: string;
  readonly data: string;
}

/** Asks what is switched on for the viewer. */
export interface RolloutRequest {
  readonly v: number;
  readonly type: "rollout";
  /** See {@link JoinRequest}; absent where no socket is open. */
  readonly key?: string | undefined;
}

export interface RolloutResponse extends LiveFor {
  readonly v: number;
  /** Public key of the app to connect with next; an open socket stays. Absent: as before. */
  readonly key?: string | undefined;
}

/**
 * Asks, once a minute, whether something was missed on channels that are live, and what is switched on. No
 * rule runs for it: a channel is answered for by the cursor that the client holds.
 */
export interface PositionsRequest {
  readonly v: number;
  readonly type: "positions";
  /** See {@link JoinRequest}. */
  readonly key?: string | undefined;
  readonly channels: readonly ChannelPosition[];
}

export interface ChannelPosition {
  readonly channel: string;
  readonly cursor: string;
  /** Id of the youngest signal that arrived live since the cursor. Absent: none. */
  readonly last?: string | undefined;
}

export interface PositionsResponse extends RolloutResponse, RelayAge {
  /**
   * The channels on which something was committed that the client does not have, or whose cursor cannot be
   * compared. A catch-up, which decides about rights, says what.
   */
  readonly behind: readonly string[];
}

export interface CatchUpResponse extends Spread, RelayAge {
  readonly v: number;
  readonly results: readonly CatchUpResult[];
}

/**
 * `denied` is final until the viewer or the data changes; `unavailable` is retried with jitter. An
 * error is always `unavailable`, never "allowed". `off` says nothing about rights: the channel is not
 * live for this viewer, who reads as before, and may be later.
 */
export type Refusal =
  | { readonly channel: string; readonly status: "denied" }
  | { readonly channel: string; readonly status: "off" }
  | { readonly channel: string; readonly status: "unavailable" };

export type RealtimeRequest =
  | JoinRequest
  | SignInRequest
  | CatchUpRequest
  | PositionsRequest
  | RolloutRequest;

/** Body of every answer that is not 200, 403 or 503 with results. */
export interface ErrorResponse {
  readonly v: number;
  readonly error: ErrorCode;
  /** Of `unknown_key`: the public key to connect with instead. */
  readonly key?: string | undefined;
}

export type ErrorCode =
  | "bad_request"
  | "unsupported_version"
  | "unauthenticated"
  | "forbidden_origin"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "too_large"
  | "too_many_requests"
  /** The socket's app is not, or no longer, one of this site's: connect with `key`. */
  | "unknown_key"
  | "unavailable";
