import postgres from "postgres";

/**
 * The sessions of a site that LISTEN. Postgres does not list them, so they are recognised by their last statement: each
 * belongs to a relay, which listens once and then reads the log, sleeps, wakes or saves.
 */
export function watchListeningSessions(ownerUrl: string) {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  return {
    count: async () => {
      const [row] = await sql<{ sessions: number }[]>`
        select count(*)::int as sessions from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
          and query ~* '\\mlisten\\M|pg_notify|querycast[.](relay_|save_delivery|signals)'`;
      return row?.sessions ?? 0;
    },
    close: () => sql.end(),
  };
}
