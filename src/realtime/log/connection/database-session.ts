import type { Sql } from "../../server/ports.ts";

/** One database connection, which is never replaced: `listen`, settings and advisory locks stay on it. */
export interface DatabaseSession {
  /** Runs statements in the order given. After the connection is closed every statement rejects. */
  readonly sql: Sql;
  /** Closes the connection without waiting for statements. Idempotent. */
  close(): Promise<void>;
}

/** Callbacks of a {@link DatabaseSession}. */
export interface DatabaseSessionHandlers {
  /** A notification arrived on a channel this session listens to. */
  notified(): void;
  /** The connection was closed for any reason. Called once. */
  closed(): void;
}

/** Opens a session. Must not use a pooler in transaction mode, which shares the connection with other clients. */
export type OpenDatabaseSession = (handlers: DatabaseSessionHandlers) => Promise<DatabaseSession>;
