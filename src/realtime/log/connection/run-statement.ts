import type { Sql } from "../../server/ports.ts";

/** Runs a statement without parameters. Not escaped: never pass user input. */
export async function runStatement(sql: Sql, statement: string): Promise<void> {
  await sql(Object.assign([statement], { raw: [statement] }));
}
