/** What arrived for a query that counts instead of reading. */
export interface Arrivals {
  /** How many changes were signalled since what is shown was read. */
  readonly count: number;
  /** False when a signal did not say how many changes it stands for: then there are at least `count`. */
  readonly isExact: boolean;
}

const none: Arrivals = { count: 0, isExact: true };

/** Counts arrivals by the hash of their query. */
export interface ArrivalCounts {
  get(queryHash: string): Arrivals;
  /** Calls back after every change; hands back what stops it. */
  onChange(listener: () => void): () => void;
  /** `changes` is `undefined` when the signal does not say. */
  add(queryHash: string, changes: number | undefined): void;
  /** A fetch of the whole began: if it succeeds, what has arrived so far is shown. */
  started(queryHash: string): void;
  settled(queryHash: string, isSuccess: boolean): void;
  forget(queryHash: string): void;
}

export function createArrivalCounts(): ArrivalCounts {
  const counts = new Map<string, Arrivals>();
  /** What the fetch under way will show. */
  const shown = new Map<string, Arrivals>();
  const listeners = new Set<() => void>();
  const set = (queryHash: string, arrivals: Arrivals | undefined) => {
    if (arrivals === undefined) counts.delete(queryHash);
    else counts.set(queryHash, arrivals);
    for (const listener of [...listeners]) listener();
  };
  return {
    get: (queryHash) => counts.get(queryHash) ?? none,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add: (queryHash, changes) => {
      const { count, isExact } = counts.get(queryHash) ?? none;
      set(queryHash, { count: count + (changes ?? 1), isExact: isExact && changes !== undefined });
    },
    started: (queryHash) => {
      shown.set(queryHash, counts.get(queryHash) ?? none);
    },
    settled: (queryHash, isSuccess) => {
      const before = shown.get(queryHash);
      const now = counts.get(queryHash);
      shown.delete(queryHash);
      if (!isSuccess || before === undefined || now === undefined) return;
      const left = { count: now.count - before.count, isExact: now.isExact };
      set(queryHash, left.count > 0 ? left : undefined);
    },
    forget: (queryHash) => {
      shown.delete(queryHash);
      if (counts.has(queryHash)) set(queryHash, undefined);
    },
  };
}
