import { type SQLWrapper, sql } from "drizzle-orm";
import type { Sql } from "querycast/server";
import type { Transaction } from "./viewer.ts";

/** The library's SQL port over a transaction: `publish` and rules run inside it, as its viewer. */
export function toSql(tx: Pick<Transaction, "execute">): Sql {
  return <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) =>
    tx.execute<Row & Record<string, unknown>>(sql(text, ...values) satisfies SQLWrapper);
}
