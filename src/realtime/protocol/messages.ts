import type { ReplayedMessage } from "./ephemeral/message.ts";
import type { limits } from "./limits.ts";
import type { LiveFor } from "./rollout.ts";

/**
 * Requests and responses of the route. All are JSON over POST. Every request has its `type` and the
 * protocol version. Channels are named by channel name (`resource.article.42`); only the server makes wire
 * names.
 */

/** Asks to join channels. The response has one result per channel. */
export interface JoinRequest {
  readonly v: number;
  readonly type: "join";
  /** Assigned by the broker on connect, `digits.digits`. */
  readonly socketId: string;
  /** Public key of the broker app that the socket is connected to. Absent: the current app. */
  readonly key?: string | undefined;
  readonly channels: readonly string[];
}

/** Result of a {@link JoinRequest} for one channel. */
export type JoinResult =
  /** `auth` is the signature for the subscription. It is valid for this `wireName` and this socket only. */
  | {
      readonly channel: string;
      readonly status: "joined";
      readonly wireName: string;
      readonly auth: string;
      /** As in {@link Spread}, for what the clients on this channel do at once, e.g. refetch after a signal. */
      readonly spreadMs?: number | undefined;
    }
  | Refusal;

/** Load control: how far clients spread what all of them would do at the same time. */
export interface Spread {
  /**
   * Time in ms over which this client spreads such requests, 0 to {@link limits.spreadMs}. Absent: the
   * server does not know the number of clients.
   */
  readonly spreadMs?: number | undefined;
}

/** State of the relay, as far as the server knows it. */
export interface RelayAge {
  /**
   * Time in ms since the relay had last delivered everything that was committed. Absent: unknown. From
   * {@link limits.relaySilenceMs} on the relay counts as not working.
   */
  readonly relayAgeMs?: number | undefined;
}

/** Response to a {@link JoinRequest}. */
export interface JoinResponse extends Spread, RelayAge {
  readonly v: number;
  readonly results: readonly JoinResult[];
}

/** Asks for a signature that ties the socket to the user, so that the server can have the broker close it. */
export interface SignInRequest {
  readonly v: number;
  readonly type: "sign-in";
  readonly socketId: string;
  /** See {@link JoinRequest}. */
  readonly key?: string | undefined;
}

/** Response to a {@link SignInRequest}, in the form of Pusher's user authentication. */
export interface SignInResponse {
  readonly v: number;
  readonly auth: string;
  /** JSON with the id of the user. Signed by `auth`. */
  readonly userData: string;
}

/** Asks what was missed on each channel since a cursor. For `null` the result is `gap` and a first cursor. */
export interface CatchUpRequest {
  readonly v: number;
  readonly type: "catch-up";
  readonly channels: readonly { readonly channel: string; readonly cursor: string | null }[];
}

/** Result of a {@link CatchUpRequest} for one channel. */
export type CatchUpResult =
  | ((
      | { readonly status: "upToDate" }
      | { readonly status: "replay"; readonly signals: readonly ReplayedSignal[] }
      /** The log does not hold what was missed: everything bound to the channel is stale. */
      | { readonly status: "gap" }
    ) &
      CaughtUp)
  /** Of an ephemeral channel, which has no cursor: what its options replay, oldest first. */
  | {
      readonly channel: string;
      readonly status: "messages";
      readonly wireName: string;
      readonly messages: readonly ReplayedMessage[];
      readonly spreadMs?: number | undefined;
    }
  | Refusal;

/** The position of a channel after a catch-up. */
export interface CaughtUp {
  readonly channel: string;
  /** The current wire name. A client that is subscribed to another one has to join again. */
  readonly wireName?: string;
  /** Opaque. The next catch-up starts here. */
  readonly cursor: string;
  /** Ids of the youngest signals up to the cursor. The `after` of the first live frame is one of them. */
  readonly recent?: readonly string[];
  /** See {@link JoinResult}. */
  readonly spreadMs?: number | undefined;
}

/** A signal from the log: its name, and the frame that a live delivery would have had. */
export interface ReplayedSignal {
  readonly name: string;
  readonly data: string;
}

/** Asks which channel kinds and rollout phases are on for the viewer. */
export interface RolloutRequest {
  readonly v: number;
  readonly type: "rollout";
  /** See {@link JoinRequest}. Absent also when no socket is open. */
  readonly key?: string | undefined;
}

/** Response to a {@link RolloutRequest}. */
export interface RolloutResponse extends LiveFor {
  readonly v: number;
  /** Public key of the broker app for the next connection. An open socket stays open. Absent: unchanged. */
  readonly key?: string | undefined;
}

/**
 * Sent about once a minute. Asks whether signals were missed on live channels, and what is on for the viewer.
 * No access rule runs for it: the cursor is signed and proves that the client could read the channel.
 */
export interface PositionsRequest {
  readonly v: number;
  readonly type: "positions";
  /** See {@link JoinRequest}. */
  readonly key?: string | undefined;
  readonly channels: readonly ChannelPosition[];
}

/** How far a client has followed a live channel. */
export interface ChannelPosition {
  readonly channel: string;
  readonly cursor: string;
  /** Id of the youngest signal that arrived live since the cursor. Absent: none. */
  readonly last?: string | undefined;
}

/** Response to a {@link PositionsRequest}. */
export interface PositionsResponse extends RolloutResponse, RelayAge {
  /**
   * Channels with committed signals that the client does not have, or with a cursor that cannot be
   * compared. The client then sends a {@link CatchUpRequest}, for which the access rules run.
   */
  readonly behind: readonly string[];
}

/** Response to a {@link CatchUpRequest}. */
export interface CatchUpResponse extends Spread, RelayAge {
  readonly v: number;
  readonly results: readonly CatchUpResult[];
}

/**
 * Why a channel was not joined or caught up. `invalid`: the contract of the server has no such channel, e.g. for a
 * page of another release; the client polls its queries. `denied`: the viewer may not read the channel; the client
 * does not retry. `off`: the rollout has not reached this viewer, whatever the viewer may read; the client asks
 * again later. `unavailable`: the decision failed; the client retries with jitter.
 */
export type Refusal =
  | { readonly channel: string; readonly status: "invalid" }
  | { readonly channel: string; readonly status: "denied" }
  | { readonly channel: string; readonly status: "off" }
  | { readonly channel: string; readonly status: "unavailable" };

/** Any request to the route. */
export type RealtimeRequest =
  | JoinRequest
  | SignInRequest
  | CatchUpRequest
  | PositionsRequest
  | RolloutRequest;

/** Body of every response without results. Responses with results have status 200, 400, 403 or 503. */
export interface ErrorResponse {
  readonly v: number;
  readonly error: ErrorCode;
  /** With `unknown_key`: the public key of the app to connect to instead. */
  readonly key?: string | undefined;
}

/** Why the route refused a whole request. `unavailable` and `too_many_requests` are retried. */
export type ErrorCode =
  | "bad_request"
  | "unsupported_version"
  | "unauthenticated"
  | "forbidden_origin"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "too_large"
  | "too_many_requests"
  /** The site does not, or no longer, use the socket's broker app. The response has the `key` to use. */
  | "unknown_key"
  | "unavailable";
