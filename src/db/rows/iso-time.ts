import { type SQLWrapper, sql } from "drizzle-orm";

/** A time as ISO 8601, with the microseconds that a `Date` would lose. */
export const isoTime = (time: SQLWrapper) => sql<string>`to_json(${time})#>>'{}'`;

/** The same for a time that may be null. */
export const isoTimeOrNull = (time: SQLWrapper) => sql<string | null>`to_json(${time})#>>'{}'`;
