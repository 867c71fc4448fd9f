import { beginTransaction } from "../transaction.ts";
import type { Connection } from "./connection.ts";
import type { SessionContext } from "./session-context.ts";

/** The pipelined statements of a read. */
export interface PipelinedStatements {
  /** Call it before each query is sent. */
  beforeQuery(): void;
  /** Rejects when a transaction could not be opened. */
  opened(): Promise<unknown>;
  /** Resolves when every COMMIT has been sent. */
  ended(): Promise<unknown>;
  /** Resolves when every COMMIT has been answered. */
  committed(): Promise<unknown>;
}

/**
 * Pipelines BEGIN, the session context, all queries that are issued together, and COMMIT, without waiting
 * for a response in between. Queries issued after a response form another pipeline: in a READ COMMITTED
 * transaction each statement has its own snapshot anyway, so a read loses nothing, and no connection is
 * idle inside a transaction while the application works.
 */
export function createPipelinedStatements(
  connection: Connection,
  context: SessionContext,
): PipelinedStatements {
  const begins: Promise<unknown>[] = [];
  const ends: Promise<{ readonly commit: Promise<unknown> }>[] = [];
  let isOpen = false;
  return {
    beforeQuery() {
      if (isOpen) return;
      isOpen = true;
      begins.push(beginTransaction(connection, context));
      ends.push(
        new Promise((resolve) => {
          // Runs before postgres.js writes to the socket, since its own immediate is queued after this one.
          setImmediate(() => {
            isOpen = false;
            const commit: Promise<unknown> = connection.sql.unsafe("commit").execute();
            commit.catch(() => {}); // reported by committed()
            resolve({ commit });
          });
        }),
      );
    },
    opened: () => Promise.all(begins),
    ended: () => Promise.all(ends),
    committed: async () => {
      for (const { commit } of await Promise.all(ends)) await commit;
    },
  };
}
