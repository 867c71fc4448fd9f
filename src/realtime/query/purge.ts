import type { QueryCache } from "@tanstack/react-query";
import type { AnyQuery } from "./binding/bindings.ts";

/**
 * Removes data that the viewer may no longer read, from the cache and from the storage of the query's
 * persister. A query with observers is reset and fetched once without the persister, to show what the viewer
 * may read now, or the error.
 */
export function purge(cache: QueryCache, query: AnyQuery): void {
  forgetStored(query);
  if (query.getObserversCount() === 0) {
    cache.remove(query);
    return;
  }
  if (query.state.data === undefined) return;
  query.reset();
  if (!query.isActive()) return;
  const { persister } = query.options;
  const restore = () => {
    if (persister) query.setOptions({ persister, ...withoutPersister(query) });
  };
  query.fetch(withoutPersister(query)).then(restore, restore);
}

function withoutPersister({ options }: AnyQuery) {
  const { persister: _, ...rest } = options;
  return rest;
}

/**
 * Overwrites the stored copy of a query. A persister has no method to remove it: it is a function that stores
 * the data of a query after a fetch. So it is called with a fetch that returns `null`, for a query whose data
 * was never updated; TanStack's persister removes such a copy when it restores.
 */
function forgetStored(query: AnyQuery): void {
  const { persister, queryKey, meta } = { ...query.options, queryKey: query.queryKey };
  if (typeof persister !== "function") return;
  const state = { ...query.state, data: null, dataUpdatedAt: 0 };
  const empty = Object.create(query, { state: { value: state } }) as AnyQuery;
  const { signal } = new AbortController();
  const context = { queryKey, meta, signal, client: undefined };
  void (async () => persister(async () => null, context as never, empty))().catch(() => {});
}
