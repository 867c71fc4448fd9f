import type { Sql } from "../server/ports.ts";

/** Runs fixed text, for statements that take no parameters. Never give it anything from outside. */
export async function runStatement(sql: Sql, statement: string): Promise<void> {
  await sql(Object.assign([statement], { raw: [statement] }));
}
