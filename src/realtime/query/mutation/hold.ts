import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { bridgeRegistry } from "../bridge-registry.ts";

/**
 * Holds back fetches caused by signals, for every query under the key. Returns a function that releases
 * them; signals that arrived until then are then followed by a fetch. `liveMutation` does this for its
 * optimistic changes; use `hold` for changes without a TanStack mutation. Without a `RealtimeProvider` it
 * has no effect.
 */
export function hold(queryClient: QueryClient, queryKey: QueryKey): () => void {
  return bridgeRegistry.get(queryClient)?.hold(queryKey) ?? (() => {});
}

/** Calls `run` under {@link hold} and returns its result. Releases and rejects if `run` rejects. */
export async function holdWhile<Result>(
  queryClient: QueryClient,
  queryKey: QueryKey,
  run: () => Promise<Result>,
): Promise<Result> {
  const release = hold(queryClient, queryKey);
  try {
    return await run();
  } finally {
    release();
  }
}
