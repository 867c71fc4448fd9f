import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";

/** Who is reading or writing, as a verified session says. Nobody: both are null. */
export interface Viewer {
  readonly userId: string | null;
  readonly role: "reader" | "author" | "admin" | null;
}

/** Whoever has no session: sees the public rows. */
export const anonymous: Viewer = { userId: null, role: null };

/**
 * A transaction with Drizzle's query builder. Queries issued together travel together; it ends when
 * the function it was handed to settles, and refuses to be used afterwards.
 */
export type Transaction = Pick<
  PostgresJsDatabase,
  "select" | "selectDistinct" | "selectDistinctOn" | "insert" | "update" | "delete" | "execute"
> &
  Pick<PostgresJsDatabase, "with" | "$with" | "$count">;
