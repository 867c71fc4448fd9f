import { hashKey, type QueryCache } from "@tanstack/react-query";
import type { AnyQuery } from "./bindings.ts";

/**
 * Finds a query by its hash. A query with its own `queryKeyHashFn` is also found by TanStack's default hash
 * of its key, for callers that have only the key.
 */
export function findQuery(cache: QueryCache, queryHash: string): AnyQuery | undefined {
  return (
    cache.get(queryHash) ??
    cache.getAll().find((query) => query.options.queryKeyHashFn && defaultHash(query) === queryHash)
  );
}

function defaultHash({ queryKey }: AnyQuery): string | undefined {
  try {
    return hashKey(queryKey);
  } catch {
    return undefined; // e.g. a bigint in the key
  }
}
