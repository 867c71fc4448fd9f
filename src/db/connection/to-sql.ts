import { sql } from "drizzle-orm";
import type { Sql } from "querycast/server";
import type { Transaction } from "../viewer.ts";

/** Adapts a transaction to the library's `Sql`, so that `publish` and rules run in it, as its viewer. */
export function toSql(tx: Pick<Transaction, "execute">): Sql {
  // The caller declares the type of the rows.
  return <Row>(text: TemplateStringsArray, ...values: Parameters<Sql>[1][]) =>
    tx.execute(sql(text, ...values)) as unknown as PromiseLike<readonly Row[]>;
}
