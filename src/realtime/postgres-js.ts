/**
 * `querycast/postgres-js`: database sessions over the package `postgres`, and connection strings. An entry of its own,
 * because `postgres` is an optional peer: `querycast/server` works with any driver. Never imported by a browser.
 */
export type { ConnectionString, Tls } from "./log/connection.ts";
export { connectionOptions } from "./log/connection-options.ts";
export { ConnectionStringError, parseConnectionString } from "./log/connection-string.ts";
export { isPooled } from "./log/is-pooled.ts";
export { postgresJs } from "./log/postgres-js.ts";
export { settingsStatement } from "./log/settings-statement.ts";
