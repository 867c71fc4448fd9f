import type { QueryKey } from "@tanstack/react-query";
import type { UnavailableCause } from "../../client/channels/channel-state.ts";
import type { OfflineReason, RealtimeState } from "../../client/connection/state.ts";
import type { RealtimeClient } from "../../client/realtime-client.ts";
import type { AnyQuery } from "../binding/bindings.ts";
import { bindingsOf } from "../binding/live.ts";
import type { Lag } from "../scheduler/scheduling.ts";

/** Whether the data of a query is kept current. */
export type LiveStatus =
  /** Signals arrive and are followed by a fetch in time. */
  | { readonly status: "live" }
  /** A channel is being joined, the query missed signals and is being fetched, or a mutation delays its fetch. */
  | { readonly status: "catching-up" }
  /** Delivery failed. The query is fetched every 15 to 45 s. */
  | { readonly status: "polling"; readonly cause: UnavailableCause }
  /** Signals arrive, but the fetch after a signal failed or takes too long. */
  | { readonly status: "not-live" }
  /** A channel, or every bound signal on it, is switched off. See {@link PollingSettings.slowPollMs}. */
  | { readonly status: "off" }
  /** The viewer may not read a channel. See {@link PollingSettings.slowPollMs}. */
  | { readonly status: "denied" }
  /** There is no connection and none is being opened. */
  | { readonly status: "offline"; readonly reason: OfflineReason }
  /** The query is not bound to a channel. */
  | { readonly status: "unbound" };

/** The status of a query, and when its data was read. */
export type LiveState = LiveStatus & {
  /**
   * When the query was last fetched with success, in ms since 1970. Optimistic changes do not count. For data
   * that came with the page, from storage or from another tab it is the time of the fetch there.
   */
  readonly lastReadAtMs: number | undefined;
};

/** A query on the page that is not live. */
export interface NotLive {
  readonly queryHash: string;
  readonly queryKey: QueryKey;
  readonly state: LiveState;
}

/** The state of a page: that of the connection, or of its mounted queries if that is worse. */
export type PageState =
  | RealtimeState
  /** The connection is live and some mounted queries are not. */
  | {
      readonly status: "partly-live";
      /** Number of mounted queries that are live. */
      readonly liveQueries: number;
      readonly notLive: readonly NotLive[];
      /** See {@link RealtimeState}. */
      readonly lastCaughtUpAt: number | undefined;
    };

/** From best to worst. The worst of its channels determines the status of a query. */
const order = ["live", "catching-up", "unavailable", "off", "denied", "offline"] as const;

/** Derives the status of a query from those of its channels and from its pending fetches. */
export function liveStatusOf(client: RealtimeClient, query: AnyQuery, lag: Lag): LiveStatus {
  const bindings = bindingsOf(query);
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

/** Derives the state of the page from those of the connection and of the mounted queries. */
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
