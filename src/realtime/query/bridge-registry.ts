import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** One run of a mutation, as the bridge tracks it. */
export interface MutationRun {
  /** Signals with this origin belong to the run from now on. */
  recognise(publishedOrigin: string): void;
  /** The server answered: fetches that begin from now on include the mutation's changes. */
  answered(): void;
  /** The run has ended. Applies the held signals and fetches the queries under these keys. */
  settle(queryKeys: readonly QueryKey[]): void;
}

/** The part of a query bridge that `hold` and `liveMutation` use. */
export interface RegisteredBridge {
  hold(queryKey: QueryKey): () => void;
  begin(): MutationRun;
}

/** The running bridge of each query client. Without a `RealtimeProvider` there is no entry. */
export const bridgeRegistry = new WeakMap<QueryClient, RegisteredBridge>();
