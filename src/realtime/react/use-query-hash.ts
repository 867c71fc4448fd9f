import { type QueryKey, useQueryClient } from "@tanstack/react-query";

/** A query key, or the options of a query, which may have a `queryKeyHashFn`. */
export type QueryOrKey = QueryKey | { readonly queryKey: QueryKey };

/** Returns the hash of a query, by the `queryKeyHashFn` of its options or of the query client. */
export function useQueryHash(query: QueryOrKey): string {
  const queryClient = useQueryClient();
  const options = "queryKey" in query ? query : { queryKey: query };
  return queryClient.defaultQueryOptions(options).queryHash;
}
