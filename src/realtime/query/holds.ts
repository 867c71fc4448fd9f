import type { AnyQuery } from "./bindings.ts";

/** Which queries are held, by however many. */
export interface Holds {
  has(query: AnyQuery): boolean;
  /** Hands back what lets go of them. */
  hold(queries: readonly AnyQuery[]): () => void;
  forget(query: AnyQuery): void;
  clear(): void;
}

/** `released` is called for each query that nobody may hold any longer. */
export function createHolds(released: (query: AnyQuery) => void): Holds {
  const held = new Map<AnyQuery, number>();
  return {
    has: (query) => held.has(query),
    hold: (queries) => {
      for (const query of queries) held.set(query, (held.get(query) ?? 0) + 1);
      let isHolding = true;
      return () => {
        if (!isHolding) return;
        isHolding = false;
        for (const query of queries) {
          const left = (held.get(query) ?? 1) - 1;
          if (left > 0) held.set(query, left);
          else held.delete(query);
          released(query);
        }
      };
    },
    forget: (query) => {
      held.delete(query);
    },
    clear: () => held.clear(),
  };
}
