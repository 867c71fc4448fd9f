import { sql } from "drizzle-orm";
import type { Sql } from "querycast/server";
import type { Transaction } from "./viewer.ts";

/** The library's SQL port over a transaction: `publish` and rules run inside it, as its viewer. */
export function toSql(tx: Pick<Transaction, "execute">): Sql {
  // Which columns come back is the caller's knowledge, on both sides of this line.
  return <Row>(text: TemplateStringsArray, ...values: Parameters<Sql>[1][]) =>
    tx.execute(sql(text, ...values)) as unknown as PromiseLike<readonly Row[]>;
}
