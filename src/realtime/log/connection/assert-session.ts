import { randomUUID } from "node:crypto";
import type postgres from "postgres";

/** Time limit for the notification, which normally arrives within milliseconds. */
const withinMs = 5_000;

export interface SessionProbe {
  /** Opens another connection to the same address. */
  readonly another: () => postgres.Sql;
  /** Sets the listener for notifications of the first connection. */
  readonly onNotification: (listener: (channel: string) => void) => void;
}

/**
 * Verifies that a connection through a pooler keeps its backend: it must receive a notification of another
 * connection. A pooler in transaction mode gives the backend to other clients between statements, which would leave
 * the relay's `listen`, lock and role on it. Run this check before setting any of them.
 *
 * @throws when no notification arrives within 5 s.
 */
export async function assertSession(
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
    // With no free backend in the pool, the other connection may wait longer than the limit.
    const isKept = await Promise.race([arrived, sent]);
    await sql.unsafe(`unlisten ${channel}`);
    if (isKept) return;
  } finally {
    clearTimeout(timer);
    await other.end({ timeout: 0 });
  }
  throw new Error(
    "Notifications do not arrive on this connection: it goes through a pooler in transaction mode. The relay listens and holds a lock, so it needs a session. Give postgresJs (on Inkwell: DATABASE_RELAY_URL) the direct address of Postgres, or one of a pooler in session mode.",
  );
}
