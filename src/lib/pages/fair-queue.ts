/** Why a request is refused: too many of its visitor wait, too many in all, or it waited too long. */
export type QueueRefusal = "visitor_full" | "queue_full" | "too_late";

export interface FairQueueOptions {
  /** Requests that are worked on at once. Default 8. */
  readonly concurrency?: number;
  /**
   * Requests of one visitor that are worked on at once. Default 2: each one more that renders delays everything
   * else of the process, answers from memory included.
   */
  readonly concurrencyPerVisitor?: number;
  /** Requests of one visitor that may wait. Default 60: a page with its prefetches over one HTTP/2 connection. */
  readonly waitingPerVisitor?: number;
  /** Requests that may wait in all. Default 256. */
  readonly waiting?: number;
  /** A request that has waited this long is refused. Default 5,000. */
  readonly longestWaitMs?: number;
}

export interface FairQueue {
  /**
   * Waits for a turn.
   *
   * @returns A function that ends the turn, or the reason of a refusal.
   */
  enter(visitor: string): Promise<(() => void) | QueueRefusal>;
}

interface Waiter {
  readonly settle: (turn: (() => void) | QueueRefusal) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Gives turns to visitors in rotation, one request each: the wait of a visitor grows with the number of
 * visitors, not with the requests of another one.
 */
export function createFairQueue({
  concurrency = 8,
  concurrencyPerVisitor = 2,
  waitingPerVisitor = 60,
  waiting = 256,
  longestWaitMs = 5_000,
}: FairQueueOptions = {}): FairQueue {
  /** Visitors in the order of their next turn. */
  const queues = new Map<string, Waiter[]>();
  const runningOf = new Map<string, number>();
  let running = 0;
  let waiters = 0;

  function count(visitor: string, change: 1 | -1): void {
    running += change;
    const own = (runningOf.get(visitor) ?? 0) + change;
    if (own === 0) runningOf.delete(visitor);
    else runningOf.set(visitor, own);
  }

  const canBegin = (visitor: string) =>
    running < concurrency && (runningOf.get(visitor) ?? 0) < concurrencyPerVisitor;

  function begin(visitor: string): () => void {
    count(visitor, 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      count(visitor, -1);
      startNext();
    };
  }

  /** A turn that ends makes room for one request at most. */
  function startNext(): void {
    const next = [...queues].find(([visitor]) => canBegin(visitor));
    if (next === undefined) return;
    const [visitor, queue] = next;
    const waiter = queue.shift();
    queues.delete(visitor);
    if (queue.length > 0) queues.set(visitor, queue); // At the end, after the other visitors.
    if (waiter === undefined) return;
    waiters -= 1;
    clearTimeout(waiter.timer);
    waiter.settle(begin(visitor));
  }

  function giveUp(visitor: string, waiter: Waiter): void {
    const queue = queues.get(visitor) ?? [];
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) queues.delete(visitor);
    waiters -= 1;
    waiter.settle("too_late");
  }

  return {
    enter: async (visitor) => {
      // Those who wait then cannot begin: their visitors have their turns already.
      if (canBegin(visitor)) return begin(visitor);
      const queue = queues.get(visitor) ?? [];
      if (queue.length >= waitingPerVisitor) return "visitor_full";
      if (waiters >= waiting) return "queue_full";
      return new Promise((settle) => {
        const timer = setTimeout(() => giveUp(visitor, waiter), longestWaitMs);
        const waiter: Waiter = { settle, timer };
        queue.push(waiter);
        queues.set(visitor, queue);
        waiters += 1;
      });
    },
  };
}
