import type { Draft } from "./connection.ts";

/** Adds a parameter's value to the draft. @returns the problem and its remedy, undefined if there is none */
type ReadParameter = (value: string, draft: Draft) => string | undefined;

const noEffect: ReadParameter = () => undefined;
const oneOf =
  (name: string, allowed: readonly string[], remedy: string): ReadParameter =>
  (value) =>
    allowed.includes(value) ? undefined : `has ${name} with a value that cannot be used. ${remedy}`;
const file =
  (key: "certFile" | "keyFile" | "passphrase"): ReadParameter =>
  (value, draft) => {
    draft.tlsFiles[key] = value;
    return undefined;
  };
const text =
  (key: "user" | "password" | "database" | "host" | "schema" | "applicationName"): ReadParameter =>
  (value, draft) => {
    draft[key] = value;
    return undefined;
  };
const amount =
  (name: string, keep: (value: number, draft: Draft) => void): ReadParameter =>
  (value, draft) => {
    if (!/^\d{1,9}$/.test(value)) return `has ${name}, which is not a whole number. Give one.`;
    if (Number(value) > 0) keep(Number(value), draft);
    return undefined;
  };
const refused =
  (name: string, remedy: string): ReadParameter =>
  () =>
    `has ${name}, which is not supported. ${remedy}`;

const modes = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  "no-verify": "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
} as const;

const sslmode: ReadParameter = (value, draft) => {
  const mode = Object.hasOwn(modes, value) ? modes[value as keyof typeof modes] : undefined;
  if (mode === undefined) {
    return "has an unknown sslmode. Give disable, prefer, require, verify-ca or verify-full.";
  }
  draft.tlsMode = mode;
  return undefined;
};

/** The supported parameters of libpq, of Prisma and of providers' poolers. */
export const parameters: Readonly<Record<string, ReadParameter>> = {
  host: (value, draft) => {
    if (value.includes(",")) {
      return "has several hosts. Give one address, which leads to the primary.";
    }
    draft.host = value;
    return undefined;
  },
  port: (value, draft) => {
    const port = Number(value);
    if (!/^\d+$/.test(value) || port < 1 || port > 65_535) {
      return "has a port that is not a number from 1 to 65535. Give the port of Postgres, e.g. 5432.";
    }
    draft.port = port;
    return undefined;
  },
  user: text("user"),
  password: text("password"),
  dbname: text("database"),
  application_name: text("applicationName"),
  connect_timeout: amount("connect_timeout", (seconds, draft) => {
    draft.connectTimeoutMs = seconds * 1000;
  }),
  options: (value, draft) => parseOptions(value, draft),

  sslmode,
  ssl: (value, draft) =>
    sslmode(
      { true: "verify-full", 1: "verify-full", false: "disable", 0: "disable" }[value] ?? value,
      draft,
    ),
  sslrootcert: (value, draft) => {
    if (value === "system") draft.tlsMode = "verify-full";
    else draft.tlsFiles.rootCertFile = value;
    return undefined;
  },
  sslcert: file("certFile"),
  sslkey: file("keyFile"),
  sslpassword: file("passphrase"),
  sslnegotiation: (value, draft) => {
    if (value === "direct") draft.tlsFiles.direct = true;
    return oneOf(
      "sslnegotiation",
      ["direct", "postgres"],
      "Give postgres or direct.",
    )(value, draft);
  },
  sslcrl: refused(
    "sslcrl",
    "Remove it; certificates are not checked against a list of revoked ones.",
  ),
  sslcrldir: refused(
    "sslcrldir",
    "Remove it; certificates are not checked against a list of revoked ones.",
  ),
  channel_binding: oneOf("channel_binding", ["disable", "prefer", "require"], "Remove it."),
  require_auth: refused("require_auth", "Remove it."),
  gssencmode: oneOf("gssencmode", ["disable", "prefer"], "Give gssencmode=disable and an sslmode."),
  service: refused("service", "Write host, user, password and database into the string."),
  passfile: refused("passfile", "Write the password into the string."),
  hostaddr: refused("hostaddr", "Write the address in place of the host name."),
  replication: refused("replication", "Remove it."),
  target_session_attrs: oneOf(
    "target_session_attrs",
    ["any", "read-write", "primary"],
    "Remove it and give the address of the primary: a standby cannot be used.",
  ),
  client_encoding: oneOf(
    "client_encoding",
    ["UTF8", "utf8", "UTF-8", "utf-8", "auto"],
    "Remove it; connections use UTF8.",
  ),

  // Parameters of Prisma.
  pgbouncer: (value, draft) => {
    draft.transactionPooler = value === "true";
    return oneOf("pgbouncer", ["true", "false"], "Give true or false.")(value, draft);
  },
  schema: text("schema"),
  connection_limit: amount("connection_limit", (limit, draft) => {
    draft.maxConnections = limit;
  }),
  sslaccept: (value, draft) => {
    draft.tlsMode = value === "accept_invalid_certs" ? "require" : "verify-full";
    return oneOf(
      "sslaccept",
      ["strict", "accept_invalid_certs"],
      "Give sslmode=verify-full instead.",
    )(value, draft);
  },

  // Accepted without effect: they configure sockets and pools of other drivers.
  ...Object.fromEntries(
    [
      "fallback_application_name",
      "keepalives",
      "keepalives_idle",
      "keepalives_interval",
      "keepalives_count",
      "tcp_user_timeout",
      "sslcompression",
      "sslsni",
      "load_balance_hosts",
      "pool_timeout",
      "socket_timeout",
      "statement_cache_size",
      "uselibpqcompat",
      "supa",
      "workaround",
    ].map((name) => [name, noEffect]),
  ),
};

/**
 * `-c name=value` and `--name=value` are settings. The rest goes into the start-up packet, where providers' proxies
 * read it.
 */
function parseOptions(value: string, draft: Draft): string | undefined {
  const words = (value.match(/(?:\\.|[^\s\\])+/g) ?? []).map((word) =>
    word.replace(/\\(.)/g, "$1"),
  );
  const settings: Record<string, string> = { ...draft.settings };
  const others: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    let word = words[index] ?? "";
    if (word === "-c") {
      index += 1;
      word = `-c${words[index] ?? ""}`;
    }
    const setting = /^(?:-c|--)([a-z_][\w.-]*)=(.*)$/is.exec(word);
    if (setting === null) {
      if (word.startsWith("-")) {
        return "has options that cannot be read. Give options=-c%20name=value, and a backslash before each space of a value.";
      }
      others.push(word.replace(/[\s\\]/g, "\\$&"));
    } else {
      settings[(setting[1] ?? "").toLowerCase().replaceAll("-", "_")] = setting[2] ?? "";
    }
  }
  draft.settings = settings;
  if (others.length > 0) draft.startupOptions = others.join(" ");
  return undefined;
}
