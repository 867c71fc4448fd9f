import type { SQLWrapper } from "drizzle-orm";
import { sql } from "drizzle-orm";
import type { TaskEntry } from "./schema.ts";

/** A person as JSON, by the column with their id; null without one. */
export const personColumn = (id: SQLWrapper) =>
  sql<TaskEntry["assignee"]>`(select json_build_object(
    'id', person.id, 'handle', person.handle, 'name', person.name)
    from users as person where person.id = ${id})`;
