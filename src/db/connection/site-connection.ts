import {
  type ConnectionString,
  ConnectionStringError,
  parseConnectionString,
} from "querycast/postgres-js";

/** Settings that row-level security and table names depend on. */
const reserved = /^(role|session_authorization|row_security|search_path|app\..*|querycast\..*)$/;

/**
 * Parses a connection string of the site. Its tables are in the schema `public`, and each transaction sets
 * role and viewer.
 *
 * @param name name of the environment variable
 * @throws {ConnectionStringError}
 */
export function siteConnection(url: string, name: string): ConnectionString {
  const connection = parseConnectionString(url, name);
  if (connection.schema !== undefined && connection.schema !== "public") {
    throw new ConnectionStringError(
      `${name} names a schema. The tables of the site are in "public": remove schema, and give the site a database of its own.`,
    );
  }
  const setting = Object.keys(connection.settings).find((each) => reserved.test(each));
  if (setting !== undefined) {
    throw new ConnectionStringError(
      `${name} sets "${setting}" in its options. The site sets it for each transaction: remove it.`,
    );
  }
  return connection;
}
