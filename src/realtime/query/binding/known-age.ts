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
  /** Queries whose running fetch may end with data that was read before it began. */
  const readBefore = new WeakSet<AnyQuery>();

  const isProved = (
    query: AnyQuery,
    bindings: readonly Binding[],
    dataUpdatedAt = query.state.dataUpdatedAt,
  ) =>
    bindings.every(({ channel: { name } }) => {
      const cursor = client.startFrom(name);
      // A channel that starts without a cursor gets a gap, after which the query is fetched.
      if (cursor === undefined) return true;
      return (
        !channels.has(name) &&
        cursorOfData(queryClient, query.queryHash, dataUpdatedAt, name) === cursor
      );
    });

  return {
    arrived: (channel) => {
      channels.add(channel);
    },
    started: (query) => {
      const { persister, queryFn } = query.options;
      const mayBeStored = persister && query.state.data === undefined;
      if (mayBeStored || queryFn === undefined) readBefore.add(query);
      else readBefore.delete(query);
    },
    succeeded: (query, bindings) => {
      read.set(query, query.state.data);
      // The cursors that came with a promise are those of a query that had never been updated.
      return readBefore.delete(query) && !isProved(query, bindings, 0);
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
      left.set(query, isAnswered ? query.state.data : undefined);
    },
  };
}

/** Compares JSON values. Other objects are equal only if they are the same. */
function isEqual(one: unknown, other: unknown): boolean {
  return replaceEqualDeep(one, other) === one;
}
