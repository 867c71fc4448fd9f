import { sql } from "drizzle-orm";
import type { AuthContext } from "../auth-context.ts";

/** Sessions per transaction, so that no transaction locks many channels for long. */
const mostAtOnce = 100;

/**
 * Ends expired sessions with the effects of a revocation: their devices receive no signals after the
 * commit. Several processes may run it at once; each session is ended by one of them.
 *
 * @returns number of sessions ended
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
