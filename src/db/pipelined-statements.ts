import type { Connection } from "./connection.ts";
import type { SessionContext } from "./session-context.ts";
import { beginTransaction } from "./transaction.ts";

/** The pipelined statements of a read. */
export interface PipelinedStatements {
  /** Call it before each query is sent. */
  beforeQuery(): void;
  /** Rejects when a transaction could not be opened. */
  opened(): Promise<unknown>;
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
  const commits: Promise<unknown>[] = [];
  let isOpen = false;
  return {
    beforeQuery() {
      if (isOpen) return;
      isOpen = true;
      begins.push(beginTransaction(connection, context));
      const committed = new Promise((resolve) => {
        // Runs before postgres.js writes to the socket, since its own immediate is queued after this one.
        setImmediate(() => {
          isOpen = false;
          resolve(connection.sql.unsafe("commit").execute());
        });
      });
      committed.catch(() => {}); // reported by committed()
      commits.push(committed);
    },
    opened: () => Promise.all(begins),
    committed: () => Promise.all(commits),
  };
}
