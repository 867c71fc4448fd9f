import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { DatabaseError } from "./database-error.ts";
import type { Lane } from "./lane.ts";
import type { Transaction } from "./viewer.ts";

/**
 * Creates a Drizzle transaction on a connection, usable until `end()`. `beforeQuery` is called just before
 * each query is sent.
 */
export function createTransaction(
  lane: Lane,
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
    if (lane.isLost()) {
      throw new DatabaseError("connection_lost", "The connection to Postgres was lost.");
    }
    // Drizzle asks for unprepared statements, which wait for a description of their parameters each time.
    // Prepared statements wait once per connection, and can be pipelined afterwards. Behind a pooler in
    // transaction mode the next backend would not know them.
    const pending = lane.sql.unsafe(query, parameters, { ...options, prepare: !lane.isPooled });
    beforeQuery();
    return pending.execute(); // sends it now, in the order of the calls
  };
  // The two members that Drizzle's postgres-js session uses within a transaction.
  const client = { options: lane.sql.options, unsafe } as unknown as postgres.Sql;
  return {
    tx: drizzle(client),
    end: () => {
      ended = true;
    },
  };
}
