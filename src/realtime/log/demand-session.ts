import { randomUUID } from "node:crypto";
import type postgres from "postgres";

/** A notification takes milliseconds where it arrives at all. */
const withinMs = 5_000;

export interface SessionProbe {
  /** Opens another connection to the same address. */
  readonly another: () => postgres.Sql;
  /** Calls back for each notification that the first connection receives. */
  readonly onNotification: (listener: (channel: string) => void) => void;
}

/**
 * Checks behind a pooler that a connection keeps its backend: what another connection notifies has to arrive. A pooler
 * in transaction mode lends the backend to others between two statements, and `listen`, the lead and the role of
 * the relay would be left on it. So the check comes before any of them.
 *
 * @throws when nothing arrives within 5 s.
 */
export async function demandSession(
  sql: postgres.Sql,
  { another, onNotification }: SessionProbe,
): Promise<void> {
  const channel = `querycast_probe_${randomUUID().replaceAll("-", "")}`;
  const other = another();
  let timer: NodeJS.Timeout | undefined;
  try {
    const arrived = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, withinMs, false);
      onNotification((name) => {
        if (name === channel) resolve(true);
      });
    });
    await sql.unsafe(`listen ${channel}`);
    const sent = other.unsafe(`notify ${channel}`).then(() => arrived);
    // A pool without a free backend lets the other connection wait longer than that.
    const isKept = await Promise.race([arrived, sent]);
    await sql.unsafe(`unlisten ${channel}`);
    if (isKept) return;
  } finally {
    clearTimeout(timer);
    await other.end({ timeout: 0 });
  }
  throw new Error(
    "Notifications do not arrive on this connection: there is a pooler in transaction mode in between. The relay listens and holds a lock, so it needs a session. Give it the direct address of Postgres, or one of the pooler in session mode: DATABASE_RELAY_URL for this site, the address given to postgresJs elsewhere.",
  );
}
