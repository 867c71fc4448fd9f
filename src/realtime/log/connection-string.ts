import type { ConnectionString, Draft } from "./connection.ts";
import { parameters } from "./connection-parameters.ts";

/** A connection string cannot be used. The message names the part and the remedy, and never repeats a value. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?]*)@)?(?<address>[^/?@]*)(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/;
const example = "postgres://user:password@host:5432/database";

/**
 * Reads a connection string as Postgres's own tools, hosted providers and Prisma write it:
 * `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=/etc/ca.pem`.
 *
 * - A Unix socket is `?host=/folder`, or the folder percent-encoded in place of the host.
 * - Without `sslmode` the connection is encrypted where the server offers it, as libpq does it, except on
 *   sockets and loopback addresses. `require` with `sslrootcert` verifies as `verify-ca` does.
 * - `channel_binding` is accepted and has no effect, since Node.js drivers do not bind channels; `verify-full` protects
 *   against the same attack.
 * - Parameters that cannot be obeyed are refused by name, and so are unknown ones.
 *
 * @param name of the setting that holds the string, with which messages begin
 * @throws {ConnectionStringError}
 */
export function parseConnectionString(
  text: string,
  name = "The connection string",
): ConnectionString {
  const refuse = (problem: string): never => {
    throw new ConnectionStringError(`${name} ${problem}`);
  };
  if (/^["'\s]|["'\s]$/.test(text)) refuse("begins or ends with a quote or a space. Remove it.");
  const parts = shape.exec(text)?.groups ?? refuse(problemOf(text));
  if (text.includes("#")) {
    refuse("contains #. Write %23 for a # in the user name or the password.");
  }
  const decode = (part: string, what: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      return refuse(`has a % in its ${what} that is no percent-encoding. Write %25 for it.`);
    }
  };

  const draft: Draft = { settings: {}, tlsFiles: {} };
  const [login = "", address = ""] = [parts.login, parts.address];
  const colon = login.indexOf(":");
  draft.user = decode(colon < 0 ? login : login.slice(0, colon), "user name");
  draft.password = colon < 0 ? "" : decode(login.slice(colon + 1), "password");
  draft.database = decode(parts.database ?? "", "database");
  readAddress(address, draft, decode, refuse);
  for (const pair of (parts.query ?? "").split("&").filter((each) => each !== "")) {
    const equals = pair.indexOf("=");
    const key = decode(equals < 0 ? pair : pair.slice(0, equals), "parameters");
    const value =
      equals < 0 ? "" : decode(pair.slice(equals + 1).replaceAll("+", " "), `parameter ${key}`);
    const read = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    const problem =
      read === undefined
        ? `has the parameter "${key}", which is not known. Remove it. A setting of Postgres is written options=-c%20name=value.`
        : read(value, draft);
    if (problem !== undefined) refuse(problem);
  }
  return finish(draft, refuse);
}

function readAddress(
  address: string,
  draft: Draft,
  decode: (part: string, what: string) => string,
  refuse: (problem: string) => never,
): void {
  if (address === "") return;
  if (address.includes(",")) {
    refuse("names several hosts. Give the one address that leads to the primary.");
  }
  const found = /^(\[[\da-fA-F:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(address);
  if (found === null) {
    refuse(
      "has a host or port that cannot be read. Percent-encode special characters of the password: / is %2F, ? is %3F, @ is %40, : is %3A.",
    );
  }
  draft.host = decode((found?.[1] ?? "").replace(/^\[|\]$/g, ""), "host");
  const problem = found?.[2] === undefined ? undefined : parameters.port?.(found[2], draft);
  if (problem !== undefined) refuse(problem);
}

function finish(draft: Draft, refuse: (problem: string) => never): ConnectionString {
  const { user = "", password = "", database = "", host = "", tlsMode, tlsFiles, ...rest } = draft;
  if (user === "") refuse(`names no user. Give ${example}.`);
  if (database === "") refuse(`names no database. Give ${example}.`);
  if (host === "") refuse(`names no host. Give ${example}, or ?host=/folder for a Unix socket.`);
  if ([user, password, database, host].some((each) => each.includes("\0"))) {
    refuse("contains %00, which Postgres does not take. Remove it.");
  }
  const isRooted = tlsFiles.rootCertFile !== undefined;
  const asked = tlsMode ?? (isRooted ? "verify-full" : defaultMode(host));
  if (isRooted && (asked === "disable" || asked === "prefer")) {
    refuse("has sslrootcert and an sslmode that verifies nothing. Give sslmode=verify-full.");
  }
  const verified = asked === "require" && isRooted ? "verify-ca" : asked;
  // Postgres offers no TLS on a socket, which does not leave the machine.
  const mode = host.startsWith("/") ? "disable" : verified;
  return {
    port: 5432,
    transactionPooler: false,
    ...rest,
    user,
    password,
    database,
    host,
    settings: rest.settings ?? {},
    tls: { mode, ...tlsFiles },
  };
}

function defaultMode(host: string): "disable" | "prefer" {
  return /^(\/|localhost$|127\.|::1$)/.test(host) ? "disable" : "prefer";
}

/** What is wrong with a text that does not have the shape of a connection string. */
function problemOf(text: string): string {
  if (/^jdbc:/i.test(text)) return `is written for JDBC. Give ${example}.`;
  if (/^prisma(\+postgres)?:/i.test(text)) {
    return "is an address of Prisma's own service. Give the address of Postgres itself, which begins with postgres://.";
  }
  if (/^(postgres(ql)?\+\w+|postgis|pgsql):/i.test(text)) {
    return "has the scheme of another library. Let it begin with postgres://.";
  }
  if (/^\s*\w+\s*=/.test(text)) {
    return `is a list of keywords and values. Give it as an address: ${example}.`;
  }
  if (/^postgres(ql)?:\/\//.test(text)) {
    return "cannot be read. Percent-encode special characters of the password: / is %2F, ? is %3F, @ is %40, : is %3A.";
  }
  return `is no Postgres address. Give ${example}.`;
}
