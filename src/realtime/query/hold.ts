import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { attached } from "./attached.ts";

/**
 * Holds back the fetches that signals ask for, for every query under the key, until what it hands back
 * is called. `liveMutation` does it for its optimistic changes; this is for whatever is no mutation of
 * TanStack. Signals that arrive meanwhile are answered afterwards. Without a provider nothing is held.
 */
export function hold(queryClient: QueryClient, queryKey: QueryKey): () => void {
  return attached.get(queryClient)?.hold(queryKey) ?? (() => {});
}

/** Runs something under {@link hold}. Rejects as it does. */
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
