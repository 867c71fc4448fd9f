import { readFileSync } from "node:fs";
import type postgres from "postgres";
import type { ConnectionString, Tls } from "./connection.ts";
import { ConnectionStringError } from "./connection-string.ts";

/**
 * A connection string as options of postgres.js: `postgres(connectionOptions(parseConnectionString(url)))`. The start-up
 * packet carries the application's name and what a provider's proxy needs, and no setting that a pooler would refuse:
 * `settings` of the string are left to the caller.
 *
 * @throws {ConnectionStringError} when a file of certificates or of a key cannot be read.
 */
export function connectionOptions(
  connection: ConnectionString,
): postgres.Options<Record<string, never>> {
  const { host, port, user, password, database, tls, applicationName, startupOptions } = connection;
  const isSocket = host.startsWith("/");
  return {
    // As lists: postgres.js cuts a text at its colons, of which an IPv6 address is full.
    host: [isSocket ? "localhost" : host],
    port: [port],
    ...(isSocket ? { path: `${host}/.s.PGSQL.${port}` } : {}),
    username: user,
    password,
    database,
    ssl: sslOf(tls, host),
    ...(tls.direct === true ? { sslnegotiation: "direct" } : {}),
    ...(connection.connectTimeoutMs === undefined
      ? {}
      : { connect_timeout: connection.connectTimeoutMs / 1000 }),
    connection: {
      ...(applicationName === undefined ? {} : { application_name: applicationName }),
      ...(startupOptions === undefined ? {} : { options: startupOptions }),
    },
  } as unknown as postgres.Options<Record<string, never>>;
}

function sslOf(tls: Tls, host: string): false | "prefer" | object {
  const { mode, rootCertFile, certFile, keyFile, passphrase } = tls;
  if (mode === "disable") return false;
  if (mode === "prefer") return "prefer";
  return {
    // The name that the certificate has to be for; postgres.js leaves it out for an IP address.
    host,
    rejectUnauthorized: mode !== "require",
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
    ...(rootCertFile === undefined ? {} : { ca: read("sslrootcert", rootCertFile) }),
    ...(certFile === undefined ? {} : { cert: read("sslcert", certFile) }),
    ...(keyFile === undefined ? {} : { key: read("sslkey", keyFile) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function read(parameter: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConnectionStringError(
      `The file that ${parameter} names in the connection string cannot be read (${(cause as NodeJS.ErrnoException).code}). Give the path of a PEM file on this machine that this process may read.`,
      { cause },
    );
  }
}
