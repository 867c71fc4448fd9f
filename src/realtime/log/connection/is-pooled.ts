import type postgres from "postgres";

/**
 * Whether a connection goes through a pooler. A pooler invents the process id sent at connection start, which
 * differs from the backend's `pg_backend_pid()`.
 *
 * @param sql a client with exactly one connection.
 */
export async function isPooled(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
  return rows[0]?.pid !== (rows.state as unknown as { readonly pid: number }).pid;
}
