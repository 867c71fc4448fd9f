import { type QueryClient, replaceEqualDeep } from "@tanstack/react-query";
import type { RealtimeClient } from "../../client/realtime-client.ts";
import type { AnyQuery } from "./bindings.ts";
import { cursorOfData } from "./hand-over.ts";
import type { Binding } from "./live.ts";

export interface KnownAgeOptions {
  readonly client: RealtimeClient;
  readonly queryClient: QueryClient;
}

/**
 * Tracks whether the data of a query includes all changes up to the position from which its channels are
 * followed. It does if its fetch began while the query was bound, or if it came with the cursor of the
 * channel and nothing has arrived on the channel since. Other data may be older and has to be fetched.
 */
export interface KnownAge {
  /** A signal or gap arrived on the channel: data with an earlier cursor may be outdated. */
  arrived(channel: string): void;
  /**
   * A fetch of the whole query began. If the query has no data, a persister may answer from storage. If it has no
   * function, the result is a promise that came with the page: the server began to read before.
   */
  started(query: AnyQuery): void;
  /** That fetch succeeded. Returns whether the age of its result is unknown. */
  succeeded(query: AnyQuery, bindings: readonly Binding[]): boolean;
  /** Returns whether the data is of unknown age, for a query that is bound to `bindings` from now on. */
  isUnknown(query: AnyQuery, bindings: readonly Binding[]): boolean;
  /** State was written to the query from outside. Returns whether it brought data of unknown age. */
  isForeign(query: AnyQuery, bindings: readonly Binding[]): boolean;
  /** The data of the query was purged. */
  forget(query: AnyQuery): void;
  /** The bridge was detached. `isAnswered`: no signal of the query waits for a fetch. */
  paused(query: AnyQuery, isAnswered: boolean): void;
}

export function createKnownAge({ client, queryClient }: KnownAgeOptions): KnownAge {
  const channels = new Set<string>();
  /** Data of the latest fetch of each query. */
  const read = new WeakMap<AnyQuery, unknown>();
  /** Data of each query when it was paused. */
  const left = new WeakMap<AnyQuery, unknown>();
  const maybeStored = new WeakSet<AnyQuery>();
  const promised = new WeakSet<AnyQuery>();

  const isProved = (
    query: Parameters<typeof cursorOfData>[1],
    bindings: readonly Binding[],
  ): boolean =>
    bindings.every(({ channel: { name } }) => {
      const cursor = client.startFrom(name);
      // A channel that starts without a cursor gets a gap, after which the query is fetched.
      if (cursor === undefined) return true;
      return !channels.has(name) && cursorOfData(queryClient, query, name) === cursor;
    });

  return {
    arrived: (channel) => {
      channels.add(channel);
    },
    started: (query) => {
      if (query.options.persister && query.state.data === undefined) maybeStored.add(query);
      else maybeStored.delete(query);
      if (query.options.queryFn === undefined) promised.add(query);
      else promised.delete(query);
    },
    succeeded: (query, bindings) => {
      const { queryHash } = query;
      read.set(query, query.state.data);
      if (maybeStored.delete(query)) return true;
      // The cursors of a promise are those of a query that had never been updated.
      return (
        promised.delete(query) && !isProved({ queryHash, state: { dataUpdatedAt: 0 } }, bindings)
      );
    },
    isUnknown: (query, bindings) => {
      const { data, fetchStatus } = query.state;
      if (data === undefined) {
        const hasArrived = bindings.some(({ channel }) => channels.has(channel.name));
        return fetchStatus !== "idle" && hasArrived;
      }
      return left.get(query) !== data && !isProved(query, bindings);
    },
    isForeign: (query, bindings) => {
      const { data } = query.state;
      // A cancelled fetch restores the data read before; a tab that shares its cache may have read the same.
      if (data === undefined || isEqual(read.get(query), data)) return false;
      return !isProved(query, bindings);
    },
    forget: (query) => {
      read.delete(query);
      left.delete(query);
    },
    paused: (query, isAnswered) => {
      if (isAnswered && query.state.data !== undefined) left.set(query, query.state.data);
      else left.delete(query);
    },
  };
}

/** Compares JSON values. Other objects are equal only if they are the same. */
function isEqual(one: unknown, other: unknown): boolean {
  return replaceEqualDeep(one, other) === one;
}
