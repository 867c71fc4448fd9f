import type postgres from "postgres";

/**
 * Whether a pooler is in between: the process id that was given at the start of the connection is then the pooler's
 * invention, and not that of the backend which answers. `sql` is a client with one connection.
 */
export async function isPooled(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
  return rows[0]?.pid !== (rows.state as unknown as { readonly pid: number }).pid;
}
