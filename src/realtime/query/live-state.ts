import type { QueryKey } from "@tanstack/react-query";
import type { UnavailableCause } from "../client/channel-state.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";
import type { OfflineReason, RealtimeState } from "../client/state.ts";
import type { AnyQuery } from "./bindings.ts";
import { bindingsOf } from "./live.ts";
import type { Lag } from "./scheduling.ts";

/** How far what a query shows can be trusted to be current. */
export type LiveStatus =
  /** Every signal is followed by a read in time. */
  | { readonly status: "live" }
  /** Its channels are being joined, or it missed signals and is being read. */
  | { readonly status: "catching-up" }
  /** Delivery has failed; the query is read every 30 s, ± half. */
  | { readonly status: "polling"; readonly cause: UnavailableCause }
  /** Signals arrive, and the read that they ask for failed or is overdue. */
  | { readonly status: "not-live" }
  /** Its channel, or every signal it is bound to, is switched off. It is read slowly and on focus. */
  | { readonly status: "off" }
  /** The viewer may not read its channel. It is read slowly and on focus. */
  | { readonly status: "denied" }
  /** There is no connection and none is being opened. */
  | { readonly status: "offline"; readonly reason: OfflineReason }
  /** The query is bound to no channel. */
  | { readonly status: "unbound" };

export type LiveState = LiveStatus & {
  /**
   * When a read of the query last succeeded, in ms since 1970. Optimistic changes do not move it; data that
   * came with the page, from storage or from another tab has the time of its own read.
   */
  readonly lastReadAtMs: number | undefined;
};

/** A query on the page that is not live. */
export interface NotLive {
  readonly queryHash: string;
  readonly queryKey: QueryKey;
  readonly state: LiveState;
}

/** The worst of what a page shows: the state of the connection, or of its queries if that is worse. */
export type PageState =
  | RealtimeState
  /** The connection is live, and some of the queries on the page are not. */
  | {
      readonly status: "partly-live";
      /** How many queries on the page are live. */
      readonly liveQueries: number;
      readonly notLive: readonly NotLive[];
      /** See {@link RealtimeState}. */
      readonly lastCaughtUpAt: number | undefined;
    };

/** Later in the list is worse. A query is as good as the worst of its channels. */
const order = ["live", "catching-up", "unavailable", "off", "denied", "offline"] as const;

/** The state of one query, from those of its channels and from what is known of its reads. */
export function liveStatusOf(client: RealtimeClient, query: AnyQuery, lag: Lag): LiveStatus {
  const bindings = bindingsOf(query.meta);
  if (bindings.length === 0) return { status: "unbound" };
  const [worst] = bindings
    .map(({ channel, names }) => {
      const state = client.channelState(channel.name);
      const isDelivered = order.indexOf(state.status) <= order.indexOf("unavailable");
      return isDelivered && !client.isSwitchedOn(channel, names)
        ? ({ status: "off" } as const)
        : state;
    })
    .sort((one, other) => order.indexOf(other.status) - order.indexOf(one.status));
  switch (worst?.status) {
    case "offline":
      return worst.reason === "off"
        ? { status: "off" }
        : { status: "offline", reason: worst.reason };
    case "unavailable":
      return { status: "polling", cause: worst.cause };
    case "off":
    case "denied":
      return { status: worst.status };
    default:
      if (lag === "overdue" || query.state.status === "error") return { status: "not-live" };
      if (worst?.status === "catching-up" || lag === "behind" || query.state.data === undefined) {
        return { status: "catching-up" };
      }
      return { status: "live" };
  }
}

/** The worst over the connection and the queries that the page shows. */
export function pageStateOf(connection: RealtimeState, queries: readonly NotLive[]): PageState {
  if (connection.status !== "live" && connection.status !== "catching-up") return connection;
  const notLive = queries.filter(({ state }) => state.status !== "live");
  const { lastCaughtUpAt } = connection;
  if (notLive.some(({ state }) => state.status !== "catching-up")) {
    const liveQueries = queries.length - notLive.length;
    return { status: "partly-live", liveQueries, notLive, lastCaughtUpAt };
  }
  return notLive.length > 0 && connection.status === "live"
    ? { status: "catching-up", lastCaughtUpAt }
    : connection;
}
