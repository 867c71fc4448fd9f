/** Why a request is refused: too many of its owner wait, too many in all, or it waited too long. */
export type QueueRefusal = "owner_full" | "queue_full" | "too_late";

export interface FairQueueOptions {
  /** Turns at once. */
  readonly concurrency: number;
  /** Turns of one owner at once. Default: as many as in all. */
  readonly concurrencyPerOwner?: number;
  /** Requests of one owner that may wait. */
  readonly waitingPerOwner: number;
  /** Requests that may wait in all. */
  readonly waiting: number;
  /** A request that has waited this long is refused. Default: none is. */
  readonly longestWaitMs?: number;
}

export interface FairQueue {
  /**
   * Waits for a turn.
   *
   * @returns A function that ends the turn, or the reason of a refusal.
   */
  enter(owner: string): Promise<(() => void) | QueueRefusal>;
}

interface Waiter {
  readonly settle: (turn: (() => void) | QueueRefusal) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

/**
 * Gives turns to owners in rotation, one request each: the wait of an owner grows with the number of owners, not with
 * the requests of another one.
 */
export function createFairQueue({
  concurrency,
  concurrencyPerOwner = concurrency,
  waitingPerOwner,
  waiting,
  longestWaitMs,
}: FairQueueOptions): FairQueue {
  /** Owners in the order of their next turn. */
  const queues = new Map<string, Waiter[]>();
  const runningOf = new Map<string, number>();
  let running = 0;
  let waiters = 0;

  function count(owner: string, change: 1 | -1): void {
    running += change;
    const own = (runningOf.get(owner) ?? 0) + change;
    if (own === 0) runningOf.delete(owner);
    else runningOf.set(owner, own);
  }

  const canBegin = (owner: string) =>
    running < concurrency && (runningOf.get(owner) ?? 0) < concurrencyPerOwner;

  function begin(owner: string): () => void {
    count(owner, 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      count(owner, -1);
      startNext();
    };
  }

  /** A turn that ends makes room for one request at most. */
  function startNext(): void {
    const next = [...queues].find(([owner]) => canBegin(owner));
    if (next === undefined) return;
    const [owner, queue] = next;
    const waiter = queue.shift();
    queues.delete(owner);
    if (queue.length > 0) queues.set(owner, queue); // At the end, after the other owners.
    if (waiter === undefined) return;
    waiters -= 1;
    clearTimeout(waiter.timer);
    waiter.settle(begin(owner));
  }

  function giveUp(owner: string, waiter: Waiter): void {
    const queue = queues.get(owner) ?? [];
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) queues.delete(owner);
    waiters -= 1;
    waiter.settle("too_late");
  }

  return {
    enter: async (owner) => {
      // Those who wait then cannot begin: their owners have their turns already.
      if (canBegin(owner)) return begin(owner);
      const queue = queues.get(owner) ?? [];
      if (queue.length >= waitingPerOwner) return "owner_full";
      if (waiters >= waiting) return "queue_full";
      return new Promise((settle) => {
        const timer =
          longestWaitMs === undefined
            ? undefined
            : setTimeout(() => giveUp(owner, waiter), longestWaitMs);
        const waiter: Waiter = { settle, timer };
        queue.push(waiter);
        queues.set(owner, queue);
        waiters += 1;
      });
    },
  };
}
