/**
 * `querycast/postgres-js`: database sessions over the package `postgres`, and parsing of connection strings. A
 * separate entry because `postgres` is an optional peer dependency: `querycast/server` works with any driver.
 * Server only: never imported by a browser.
 */
export type { ConnectionString, Tls } from "./log/connection/connection.ts";
export { connectionOptions } from "./log/connection/connection-options.ts";
export {
  ConnectionStringError,
  parseConnectionString,
} from "./log/connection/connection-string.ts";
export { isPooled } from "./log/connection/is-pooled.ts";
export { postgresJs } from "./log/connection/postgres-js.ts";
export { settingsStatement } from "./log/connection/settings-statement.ts";
