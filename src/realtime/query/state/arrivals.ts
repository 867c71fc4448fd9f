/** Changes that were signalled for a query bound with `countArrivals` since its data was read. */
export interface Arrivals {
  readonly count: number;
  /** False when a signal came without ids and counted as one change: then there are at least `count`. */
  readonly isExact: boolean;
}

/** The count of a query without arrivals, and of every query on a server. */
export const none: Arrivals = { count: 0, isExact: true };

/** Counts arrivals by query hash. */
export interface ArrivalCounts {
  get(queryHash: string): Arrivals;
  /** Calls back after every change. Returns a function that stops it. */
  onChange(listener: () => void): () => void;
  /** `changes` is `undefined` when the signal has no ids. */
  add(queryHash: string, changes: number | undefined): void;
  /** A fetch of all pages began. If it succeeds, it covers the arrivals so far. */
  started(queryHash: string): void;
  settled(queryHash: string, isSuccess: boolean): void;
  forget(queryHash: string): void;
}

export function createArrivalCounts(): ArrivalCounts {
  const counts = new Map<string, Arrivals>();
  /** Arrivals that the running fetch covers. */
  const covered = new Map<string, Arrivals>();
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
      covered.set(queryHash, counts.get(queryHash) ?? none);
    },
    settled: (queryHash, isSuccess) => {
      const before = covered.get(queryHash);
      const now = counts.get(queryHash);
      covered.delete(queryHash);
      if (!isSuccess || before === undefined || now === undefined) return;
      const left = { count: now.count - before.count, isExact: now.isExact };
      set(queryHash, left.count > 0 ? left : undefined);
    },
    forget: (queryHash) => {
      covered.delete(queryHash);
      if (counts.has(queryHash)) set(queryHash, undefined);
    },
  };
}
