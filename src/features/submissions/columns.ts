import type { SQLWrapper } from "drizzle-orm";
import { sql } from "drizzle-orm";
import type { TaskEntry } from "./schema.ts";

/** A time as ISO 8601. */
export const isoTime = (column: SQLWrapper) => sql<string>`to_json(${column})#>>'{}'`;

/** The same for a column that may be null. */
export const isoTimeOrNull = (column: SQLWrapper) => sql<string | null>`to_json(${column})#>>'{}'`;

/** A person as JSON, by the column with their id; null without one. */
export const personColumn = (id: SQLWrapper) =>
  sql<TaskEntry["assignee"]>`(select json_build_object(
    'id', person.id, 'handle', person.handle, 'name', person.name)
    from users as person where person.id = ${id})`;
