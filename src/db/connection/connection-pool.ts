import { DatabaseError } from "../database-error.ts";
import type { Connection } from "./connection.ts";

export interface ConnectionPoolOptions {
  readonly open: () => Promise<Connection>;
  /** Maximum number of open connections. */
  readonly max: number;
  /** Time limit for a free connection, in milliseconds. */
  readonly waitMs: number;
  /** Lifetime of a connection, in milliseconds. Replacing it frees its prepared statements. */
  readonly lifetimeMs: number;
}

export interface ConnectionPool {
  /** @throws {DatabaseError} `pool_exhausted`, `closed`, or the error of opening a connection. */
  acquire(): Promise<Connection>;
  release(connection: Connection): void;
  /** Waits for connections in use, then closes all. */
  close(): Promise<void>;
}

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
  timer?: NodeJS.Timeout;
}

/** Each connection is leased to one transaction at a time, first come, first served. */
export function createConnectionPool({
  open,
  max,
  waitMs,
  lifetimeMs,
}: ConnectionPoolOptions): ConnectionPool {
  const idle: Connection[] = [];
  const waiting: Waiter[] = [];
  let size = 0;
  let closed = false;
  let emptied: (() => void) | undefined;

  function drop(connection: Connection): void {
    size -= 1;
    void connection.destroy();
    serve();
  }

  function takeIdle(): Connection | undefined {
    const connection = idle.pop();
    connection?.onLost(undefined);
    return connection;
  }

  function serve(): void {
    while (waiting.length > 0 && (idle.length > 0 || size < max)) {
      const waiter = waiting.shift() as Waiter;
      clearTimeout(waiter.timer);
      const connection = takeIdle();
      if (connection === undefined) openFor(waiter);
      else waiter.resolve(connection);
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
        const connection = waiting.length === 0 ? takeIdle() : undefined;
        if (connection !== undefined) return resolve(connection);
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

    release(connection) {
      if (closed || connection.isLost() || Date.now() - connection.openedAtMs > lifetimeMs)
        return drop(connection);
      idle.push(connection);
      connection.onLost(() => {
        idle.splice(idle.indexOf(connection), 1);
        drop(connection);
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
      for (let connection = takeIdle(); connection !== undefined; connection = takeIdle())
        drop(connection);
      if (size > 0) await empty;
    },
  };
}
