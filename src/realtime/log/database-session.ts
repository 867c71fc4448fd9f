import type { Sql } from "../server/ports.ts";

/** One database connection that is never swapped for another behind our back. */
export interface DatabaseSession {
  /** Statements run in the order given. After the connection is gone every one rejects. */
  readonly sql: Sql;
  /** Idempotent; waits for nothing but the socket. */
  close(): Promise<void>;
}

export interface DatabaseSessionHandlers {
  /** A notification on a channel this session listens to. */
  notified(): void;
  /** The connection is gone, for whatever reason; called once. */
  closed(): void;
}

/** Opens a session. Not through a transaction pooler: it would lend the connection to others. */
export type OpenDatabaseSession = (handlers: DatabaseSessionHandlers) => Promise<DatabaseSession>;
