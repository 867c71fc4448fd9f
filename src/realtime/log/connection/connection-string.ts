import type { ConnectionString, Draft } from "./connection.ts";
import { parameters } from "./connection-parameters.ts";

/** A connection string is invalid. The message names the part and the remedy, and contains no value of the string. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?]*)@)?(?<address>[^/?@]*)(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/;
const example = "postgres://user:password@host:5432/database";

/**
 * Parses a connection string in the syntax of libpq, hosted providers and Prisma:
 * `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=/etc/ca.pem`.
 *
 * - For a Unix socket use `?host=/directory`, or the percent-encoded directory as host.
 * - Without `sslmode` the connection is encrypted when the server supports it, as in libpq, except on sockets and
 *   loopback addresses. `require` with `sslrootcert` verifies like `verify-ca`.
 * - `channel_binding` is accepted without effect, since Node.js drivers do not implement it. `verify-full` protects
 *   against the same attack.
 * - Unsupported and unknown parameters are errors.
 *
 * @param name the name of the setting, with which error messages begin.
 * @throws {ConnectionStringError} when the string is invalid or a parameter is not supported.
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
      return refuse(`has a % in its ${what} that is not a percent-encoding. Write %25 for it.`);
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
        ? `has the unknown parameter "${key}". Remove it. Write a setting of Postgres as options=-c%20name=value.`
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
    refuse("has several hosts. Give one address, which leads to the primary.");
  }
  const found = /^(\[[\da-fA-F:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(address);
  if (found === null) {
    refuse(
      "has a host or port that cannot be parsed. Percent-encode special characters of the password: / is %2F, ? is %3F, @ is %40, : is %3A.",
    );
  }
  draft.host = decode((found?.[1] ?? "").replace(/^\[|\]$/g, ""), "host");
  const problem = found?.[2] === undefined ? undefined : parameters.port?.(found[2], draft);
  if (problem !== undefined) refuse(problem);
}

function finish(draft: Draft, refuse: (problem: string) => never): ConnectionString {
  const { user = "", password = "", database = "", host = "", tlsMode, tlsFiles, ...rest } = draft;
  if (user === "") refuse(`has no user. Give ${example}.`);
  if (database === "") refuse(`has no database. Give ${example}.`);
  if (host === "") refuse(`has no host. Give ${example}, or ?host=/directory for a Unix socket.`);
  if ([user, password, database, host].some((each) => each.includes("\0"))) {
    refuse("contains %00, which Postgres does not accept. Remove it.");
  }
  const isRooted = tlsFiles.rootCertFile !== undefined;
  const asked = tlsMode ?? (isRooted ? "verify-full" : defaultMode(host));
  if (isRooted && (asked === "disable" || asked === "prefer")) {
    refuse("has sslrootcert and an sslmode without verification. Give sslmode=verify-full.");
  }
  const verified = asked === "require" && isRooted ? "verify-ca" : asked;
  // Postgres does not support TLS on Unix sockets.
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

/** Describes why a text is not a connection string. */
function problemOf(text: string): string {
  if (/^jdbc:/i.test(text)) return `is written for JDBC. Give ${example}.`;
  if (/^prisma(\+postgres)?:/i.test(text)) {
    return "is the address of a Prisma service. Give the address of Postgres, which begins with postgres://.";
  }
  if (/^(postgres(ql)?\+\w+|postgis|pgsql):/i.test(text)) {
    return "has the scheme of another library. Begin it with postgres://.";
  }
  if (/^\s*\w+\s*=/.test(text)) {
    return `is a list of keywords and values. Write it as an address: ${example}.`;
  }
  if (/^postgres(ql)?:\/\//.test(text)) {
    return "cannot be parsed. Percent-encode special characters of the password: / is %2F, ? is %3F, @ is %40, : is %3A.";
  }
  return `is not a Postgres address. Give ${example}.`;
}
