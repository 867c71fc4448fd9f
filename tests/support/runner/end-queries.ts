import type { QueryClient } from "@tanstack/react-query";

/**
 * Ends the reads of a query client and removes its queries. `clear` alone leaves a timer open when a read is running:
 * in a browser, TanStack Query starts the timer that removes an unused query whenever a read ends, also when the query
 * was removed before.
 */
export async function endQueries(queryClient: QueryClient): Promise<void> {
  await queryClient.cancelQueries();
  queryClient.clear();
}
