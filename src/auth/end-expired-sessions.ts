import { sql } from "drizzle-orm";
import type { AuthContext } from "./auth-context.ts";

/** In one transaction, so that none holds many channels for long. */
const mostAtOnce = 100;

/**
 * Ends the sessions whose time is over, as a revocation does: what their devices hear ends with the
 * commit. Several processes may do this at once; each session is ended by one of them.
 *
 * @returns how many there were
 */
export async function endExpiredSessions({
  database,
  onSessionEnded,
}: Pick<AuthContext, "database" | "onSessionEnded">): Promise<number> {
  let ended = 0;
  for (;;) {
    const rows = await database.asAuth((tx) =>
      tx.execute<{ user_id: string }>(
        sql`select app.end_expired_sessions(${mostAtOnce}::int) as user_id`,
      ),
    );
    for (const userId of new Set(rows.map((row) => row.user_id))) onSessionEnded?.(userId);
    ended += rows.length;
    if (rows.length < mostAtOnce) return ended;
  }
}
