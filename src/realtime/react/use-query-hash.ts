import { type QueryKey, useQueryClient } from "@tanstack/react-query";

/** A query key, or the options of a query. Options may have a `queryKeyHashFn` of their own. */
export type QueryOrKey = QueryKey | { readonly queryKey: QueryKey };

/** The hash of a query, made by the `queryKeyHashFn` of its options or of the query client. */
export function useQueryHash(query: QueryOrKey): string {
  const queryClient = useQueryClient();
  const options = "queryKey" in query ? query : { queryKey: query };
  return queryClient.defaultQueryOptions(options).queryHash;
}
