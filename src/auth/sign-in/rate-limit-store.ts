import { type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/database.ts";

interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A client for the Postgres store of rate-limiter-flexible, on our transactions: it counts across processes
 * and under row-level security.
 */
export function createRateLimitStore(database: Database) {
  return {
    query: async ({ text, values }: Query) => {
      const rows = await database.asAuth((tx) => tx.execute(toStatement(text, values)));
      return { rows, rowCount: rows.count };
    },
  };
}

/** Converts `$1` placeholders to Drizzle's parameters. */
function toStatement(text: string, values: readonly unknown[]): SQL {
  const parts = text.split(/\$(\d+)/);
  return sql.join(
    parts.map((part, n) => (n % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`)),
  );
}
