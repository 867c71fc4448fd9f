export interface FairQueueOptions {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks of one owner that may wait. Default 20. */
  readonly maxWaitingPerOwner?: number;
  /** Tasks that may wait. Default 500. */
  readonly maxWaiting?: number;
}

/**
 * Runs a bounded number of tasks at once. Owners take turns, so that an owner with many tasks delays the
 * task of another owner by one task at most.
 */
export interface FairQueue {
  /** Resolves as `task` does, or with null when too many tasks wait. */
  run<Result>(owner: string, task: () => Promise<Result>): Promise<Result | null>;
}

export function createFairQueue(options: FairQueueOptions): FairQueue {
  const { concurrency, maxWaitingPerOwner = 20, maxWaiting = 500 } = options;
  /** In the order of turns: an owner whose task starts moves to the end. */
  const lines = new Map<string, (() => void)[]>();
  let running = 0;
  let waiting = 0;

  function startNext(): void {
    const [turn] = lines;
    if (turn === undefined) {
      running -= 1;
      return;
    }
    const [owner, line] = turn;
    lines.delete(owner);
    const start = line.shift();
    if (line.length > 0) lines.set(owner, line);
    waiting -= 1;
    start?.();
  }

  return {
    run: async (owner, task) => {
      if (running < concurrency) running += 1;
      else {
        const line = lines.get(owner) ?? [];
        if (waiting >= maxWaiting || line.length >= maxWaitingPerOwner) return null;
        waiting += 1;
        lines.set(owner, line);
        await new Promise<void>((resolve) => line.push(resolve));
      }
      try {
        return await task();
      } finally {
        startNext();
      }
    },
  };
}
