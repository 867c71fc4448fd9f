import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** What a mutation tells the bridge of its query client. */
export interface MutationRun {
  /** From now on signals with this origin are this run's. */
  recognise(publishedOrigin: string): void;
  /** The server has answered: what is read from now on shows what the mutation did. */
  answered(): void;
  /** It is over. What was held is applied, and what it changed optimistically is read. */
  settle(queryKeys: readonly QueryKey[]): void;
}

export interface AttachedBridge {
  hold(queryKey: QueryKey): () => void;
  begin(): MutationRun;
}

/** Where `hold` and `liveMutation` find the bridge of a query client; there is none without a provider. */
export const attached = new WeakMap<QueryClient, AttachedBridge>();
