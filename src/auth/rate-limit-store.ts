import { type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";

interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * What rate-limiter-flexible's Postgres store asks of a client, over our own transactions: it counts
 * across processes and under the same row-level security as everything else.
 */
export function createRateLimitStore(database: Database) {
  return {
    query: async ({ text, values }: Query) => {
      const rows = await database.asAuth((tx) => tx.execute(toStatement(text, values)));
      return { rows, rowCount: rows.count };
    },
  };
}

/** `$1` and its like become Drizzle's parameters. */
function toStatement(text: string, values: readonly unknown[]): SQL {
  const parts = text.split(/\$(\d+)/);
  return sql.join(
    parts.map((part, n) => (n % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`)),
  );
}
