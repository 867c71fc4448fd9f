/** A map that forgets what was not used for long, so that a tab may stay open for weeks. */
export interface BoundedMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  clear(): void;
}

/**
 * Holds at most `capacity` entries, in two generations: when the young one is full it becomes the old
 * one, and the old one is dropped whole. What is used moves to the young one and so is kept. A list by
 * age would forget more exactly, and costs ten times as much per signal.
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
