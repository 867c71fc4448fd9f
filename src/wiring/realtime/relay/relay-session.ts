import { postgresJs } from "querycast/postgres-js";
import type { OpenDatabaseSession } from "querycast/server";
import { siteConnection } from "@/db/connection/site-connection.ts";
import { env } from "@/lib/env.ts";

/**
 * Opens the database sessions of the relay.
 *
 * @throws {ConnectionStringError} when the address of the relay cannot be used.
 */
export function relaySession(): OpenDatabaseSession {
  const { databaseUrl, databaseRelayUrl } = env();
  const address =
    databaseRelayUrl === null
      ? siteConnection(databaseUrl, "DATABASE_URL")
      : siteConnection(databaseRelayUrl, "DATABASE_RELAY_URL");
  return postgresJs(address, { connection: { role: "app_relay" } });
}
