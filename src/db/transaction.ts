import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import type { Connection } from "./connection/connection.ts";
import { beginStatement, type SessionContext } from "./connection/session-context.ts";
import { DatabaseError } from "./database-error.ts";
import type { Transaction } from "./viewer.ts";

/** Sends BEGIN and the session context at once. Await the result to learn why later statements fail. */
export function beginTransaction(
  connection: Connection,
  context: SessionContext,
): Promise<unknown> {
  const text = beginStatement(context, connection.transactionSettings);
  const opened: Promise<unknown> = connection.sql.unsafe(text).execute();
  opened.catch(() => {}); // handled by the caller that awaits it
  return opened;
}

/**
 * Creates a Drizzle transaction on a connection, usable until `end()`. `beforeQuery` is called just before
 * each query is sent.
 */
export function createTransaction(
  connection: Connection,
  beforeQuery: () => void = () => {},
): { tx: Transaction; end: () => void } {
  let ended = false;
  const unsafe = (
    query: string,
    parameters?: Parameters<postgres.Sql["unsafe"]>[1],
    options?: postgres.UnsafeQueryOptions,
  ) => {
    if (ended) {
      throw new DatabaseError(
        "transaction_ended",
        "The transaction has ended. Await every query inside the function it was handed to.",
      );
    }
    if (connection.isLost()) {
      throw new DatabaseError("connection_lost", "The connection to Postgres was lost.");
    }
    // Drizzle asks for unprepared statements, which wait for a description of their parameters each time.
    // Prepared statements wait once per connection, and can be pipelined afterwards. Behind a pooler in
    // transaction mode the next backend would not know them.
    const pending = connection.sql.unsafe(query, parameters, {
      ...options,
      prepare: !connection.isPooled,
    });
    beforeQuery();
    return pending.execute(); // sends it now, in the order of the calls
  };
  // The two members that Drizzle's postgres-js session uses within a transaction.
  const client = { options: connection.sql.options, unsafe } as unknown as postgres.Sql;
  return {
    tx: drizzle(client),
    end: () => {
      ended = true;
    },
  };
}

/** @throws {DatabaseError} when Postgres has not committed. */
export async function commitTransaction(connection: Connection): Promise<void> {
  const { command } = await connection.sql.unsafe("commit");
  if (connection.isLost()) {
    throw new DatabaseError("connection_lost", "The connection to Postgres was lost.");
  }
  if (command !== "COMMIT") {
    throw new DatabaseError(
      "rolled_back",
      "A statement failed and its error was swallowed, so the transaction was rolled back. Let the error through.",
    );
  }
}
