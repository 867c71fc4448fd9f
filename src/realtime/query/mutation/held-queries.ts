import type { AnyQuery } from "../binding/bindings.ts";

/** The held queries. A query may be held several times and is released with its last hold. */
export interface HeldQueries {
  has(query: AnyQuery): boolean;
  /** Returns a function that releases these queries. */
  hold(queries: readonly AnyQuery[]): () => void;
  forget(query: AnyQuery): void;
  clear(): void;
}

/** `released` is called for each query of a released hold. */
export function createHeldQueries(released: (query: AnyQuery) => void): HeldQueries {
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
