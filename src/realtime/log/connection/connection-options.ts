import { readFileSync } from "node:fs";
import type postgres from "postgres";
import type { ConnectionString, Tls } from "./connection.ts";
import { ConnectionStringError } from "./connection-string.ts";

/**
 * Converts a connection string to options of postgres.js: `postgres(connectionOptions(parseConnectionString(url)))`.
 * The start-up packet contains the application name and `startupOptions`. `settings` are not included, since poolers
 * refuse them there; set them after connecting.
 *
 * @throws {ConnectionStringError} when a certificate or key file cannot be read.
 */
export function connectionOptions(
  connection: ConnectionString,
): postgres.Options<Record<string, never>> {
  const { host, port, user, password, database, tls, applicationName, startupOptions } = connection;
  const isSocket = host.startsWith("/");
  return {
    // Arrays, because postgres.js splits a string at colons, which would break IPv6 addresses.
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
    // Host to verify the certificate for; postgres.js omits it for an IP address.
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
      `The file of ${parameter} in the connection string cannot be read (${(cause as NodeJS.ErrnoException).code}). Give the path of a PEM file that this process can read.`,
      { cause },
    );
  }
}
