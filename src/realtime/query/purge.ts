import type { QueryCache } from "@tanstack/react-query";
import type { AnyQuery } from "./bindings.ts";

/**
 * Takes data away that the viewer may no longer read, from the cache and from the storage of the query's
 * persister. A query with observers becomes as it was before its first read and is read once more, past the
 * persister: that read shows what may be seen now, and its refusal stands.
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
 * Has the persister overwrite the stored copy. A persister is one function, which writes what a query holds
 * after it was read; so it is given a read without content, of a query whose data was never updated. TanStack's
 * removes such a copy instead of restoring it.
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
