import { DatabaseError } from "./database-error.ts";
import type { Lane } from "./lane.ts";

export interface LanesOptions {
  readonly open: () => Promise<Lane>;
  /** Maximum number of open connections. */
  readonly max: number;
  /** Time limit for a free connection, in milliseconds. */
  readonly waitMs: number;
  /** Lifetime of a connection, in milliseconds. Replacing it frees its prepared statements. */
  readonly lifetimeMs: number;
}

export interface Lanes {
  /** @throws {DatabaseError} `pool_exhausted`, `closed`, or the error of opening a connection. */
  acquire(): Promise<Lane>;
  release(lane: Lane): void;
  /** Waits for connections in use, then closes all. */
  close(): Promise<void>;
}

interface Waiter {
  readonly resolve: (lane: Lane) => void;
  readonly reject: (error: unknown) => void;
  timer?: NodeJS.Timeout;
}

/** A connection pool. Each connection is leased to one transaction at a time, first come, first served. */
export function createLanes({ open, max, waitMs, lifetimeMs }: LanesOptions): Lanes {
  const idle: Lane[] = [];
  const waiting: Waiter[] = [];
  let size = 0;
  let closed = false;
  let emptied: (() => void) | undefined;

  function drop(lane: Lane): void {
    size -= 1;
    void lane.destroy();
    serve();
  }

  function takeIdle(): Lane | undefined {
    const lane = idle.pop();
    lane?.onLost(undefined);
    return lane;
  }

  function serve(): void {
    while (waiting.length > 0 && (idle.length > 0 || size < max)) {
      const waiter = waiting.shift() as Waiter;
      clearTimeout(waiter.timer);
      const lane = takeIdle();
      if (lane === undefined) openFor(waiter);
      else waiter.resolve(lane);
    }
    if (closed && size === 0) emptied?.();
  }

  function openFor(waiter: Waiter): void {
    size += 1;
    open().then(waiter.resolve, (error: unknown) => {
      size -= 1;
      waiter.reject(error);
      serve();
    });
  }

  return {
    acquire: () =>
      new Promise((resolve, reject) => {
        if (closed) throw new DatabaseError("closed", "The connection pool is closed.");
        const waiter: Waiter = { resolve, reject };
        waiting.push(waiter);
        serve();
        if (!waiting.includes(waiter)) return;
        waiter.timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(
            new DatabaseError(
              "pool_exhausted",
              `All ${max} connections were busy for ${waitMs} ms. Shorten transactions, never open one inside another, or allow more connections.`,
            ),
          );
        }, waitMs);
      }),

    release(lane) {
      if (closed || lane.isLost() || Date.now() - lane.openedAt > lifetimeMs) return drop(lane);
      idle.push(lane);
      lane.onLost(() => {
        idle.splice(idle.indexOf(lane), 1);
        drop(lane);
      });
      serve();
    },

    async close() {
      if (closed) return;
      closed = true;
      for (const waiter of waiting.splice(0)) {
        clearTimeout(waiter.timer);
        waiter.reject(new DatabaseError("closed", "The connection pool is closed."));
      }
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      for (let lane = takeIdle(); lane !== undefined; lane = takeIdle()) drop(lane);
      if (size > 0) await empty;
    },
  };
}
