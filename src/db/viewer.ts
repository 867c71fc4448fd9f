import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

/** The viewer of a transaction, from a verified session. Both fields are null when signed out. */
export interface Viewer {
  readonly userId: string | null;
  readonly role: "reader" | "author" | "admin" | null;
}

/** A signed-out viewer, who can read public rows. */
export const anonymous: Viewer = { userId: null, role: null };

/**
 * A transaction with Drizzle's query builder. Queries issued together are pipelined. It ends when its
 * function settles, and cannot be used afterwards.
 */
export type Transaction = Pick<
  PostgresJsDatabase,
  "select" | "selectDistinct" | "selectDistinctOn" | "insert" | "update" | "delete" | "execute"
> &
  Pick<PostgresJsDatabase, "with" | "$with" | "$count">;
