import postgres from "postgres";
import { connectionOptions } from "querycast/postgres-js";
import { siteConnection } from "./site-connection.ts";

/**
 * Creates one connection for migrations and seeding. postgres.js opens it with the first statement.
 *
 * @param ownerUrl value of `DATABASE_OWNER_URL`
 * @throws {ConnectionStringError} when it cannot be used.
 */
export function connectAsOwner(ownerUrl: string): postgres.Sql {
  return postgres({
    ...connectionOptions(siteConnection(ownerUrl, "DATABASE_OWNER_URL")),
    max: 1,
    // A pooler in transaction mode would not know prepared statements.
    prepare: false,
    onnotice: () => {},
  });
}
