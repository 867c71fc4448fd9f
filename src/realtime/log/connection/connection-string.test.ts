import { expect, test } from "vitest";
import { connectionOptions } from "./connection-options.ts";
import { ConnectionStringError, parseConnectionString } from "./connection-string.ts";

const base = "postgres://app:secret@db.example.org/site";
const usable = {
  host: "db.example.org",
  port: 5432,
  user: "app",
  password: "secret",
  database: "site",
  settings: {},
  transactionPooler: false,
  tls: { mode: "prefer" },
} as const;

test.each([
  [base, usable],
  ["postgresql://app:secret@db.example.org:6543/site", { ...usable, port: 6543 }],
  ["postgres://app:s%23%2F%40%3A%25@db.example.org/site", { ...usable, password: "s#/@:%" }],
  ["postgres://app:a@b@db.example.org/site", { ...usable, password: "a@b" }],
  ["postgres://app:a:b@db.example.org/site", { ...usable, password: "a:b" }],
  ["postgres://app:%40a+b@db.example.org/site", { ...usable, password: "@a+b" }],
  ["postgres://app@db.example.org/site", { ...usable, password: "" }],
  ["postgres://app:secret@[2001:db8::1]:5433/site", { ...usable, host: "2001:db8::1", port: 5433 }],
  ["postgres://app.ref:secret@db.example.org/site", { ...usable, user: "app.ref" }],
  // Loopback and sockets
  [
    "postgres://app:secret@localhost/site",
    { ...usable, host: "localhost", tls: { mode: "disable" } },
  ],
  [
    "postgres://app:secret@127.0.0.1/site",
    { ...usable, host: "127.0.0.1", tls: { mode: "disable" } },
  ],
  [
    "postgres://app:secret@/site?host=/var/run/postgresql&sslmode=require",
    { ...usable, host: "/var/run/postgresql", tls: { mode: "disable" } },
  ],
  [
    "postgres://app:secret@%2Fcloudsql%2Fp%3Ar%3Ai:5433/site",
    { ...usable, host: "/cloudsql/p:r:i", port: 5433, tls: { mode: "disable" } },
  ],
  ["postgres:///site?user=app&password=secret&host=db.example.org&port=5", { ...usable, port: 5 }],
  // TLS
  [`${base}?sslmode=disable`, { ...usable, tls: { mode: "disable" } }],
  [`${base}?sslmode=allow`, usable],
  [`${base}?sslmode=require`, { ...usable, tls: { mode: "require" } }],
  [`${base}?sslmode=no-verify`, { ...usable, tls: { mode: "require" } }],
  [`${base}?ssl=true`, { ...usable, tls: { mode: "verify-full" } }],
  [`${base}?ssl=false`, { ...usable, tls: { mode: "disable" } }],
  [`${base}?sslaccept=strict`, { ...usable, tls: { mode: "verify-full" } }],
  [`${base}?sslaccept=accept_invalid_certs`, { ...usable, tls: { mode: "require" } }],
  [`${base}?sslrootcert=system`, { ...usable, tls: { mode: "verify-full" } }],
  [
    `${base}?sslrootcert=/ca.pem`,
    { ...usable, tls: { mode: "verify-full", rootCertFile: "/ca.pem" } },
  ],
  [
    `${base}?sslmode=require&sslrootcert=/ca.pem`,
    { ...usable, tls: { mode: "verify-ca", rootCertFile: "/ca.pem" } },
  ],
  [
    `${base}?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&sslpassword=p`,
    {
      ...usable,
      tls: {
        mode: "verify-ca",
        rootCertFile: "/ca.pem",
        certFile: "/c.pem",
        keyFile: "/k.pem",
        passphrase: "p",
      },
    },
  ],
  [
    `${base}?sslmode=require&sslnegotiation=direct`,
    { ...usable, tls: { mode: "require", direct: true } },
  ],
  // Strings of hosted providers
  [`${base}?sslmode=require&channel_binding=require`, { ...usable, tls: { mode: "require" } }],
  [
    `${base}?pgbouncer=true&connection_limit=1&pool_timeout=0`,
    { ...usable, transactionPooler: true, maxConnections: 1 },
  ],
  [`${base}?schema=public`, { ...usable, schema: "public" }],
  [`${base}?sslmode=require&supa=base-pooler.x`, { ...usable, tls: { mode: "require" } }],
  [`${base}?options=endpoint%3Dep-cool-1`, { ...usable, startupOptions: "endpoint=ep-cool-1" }],
  [
    `${base}?options=-c%20statement_timeout%3D5s+--lock-timeout%3D1s%20-c%20x.y%3Da%5C%20b`,
    { ...usable, settings: { statement_timeout: "5s", lock_timeout: "1s", "x.y": "a b" } },
  ],
  [
    `${base}?application_name=shop&connect_timeout=7`,
    { ...usable, applicationName: "shop", connectTimeoutMs: 7_000 },
  ],
  [`${base}?target_session_attrs=read-write&keepalives_idle=30&gssencmode=disable`, usable],
])("%s is accepted", (text, expected) => {
  expect(parseConnectionString(text)).toEqual(expected);
});

test.each([
  ["mysql://x", "is not a Postgres address. Give postgres://"],
  ["", "is not a Postgres address"],
  [`"${base}"`, "begins or ends with a quote or a space. Remove it"],
  [`${base}\n`, "begins or ends with a quote or a space"],
  ["jdbc:postgresql://h/d", "is written for JDBC. Give postgres://"],
  ["prisma+postgres://accelerate.example/?api_key=x", "Give the address of Postgres, which"],
  ["postgresql+psycopg2://a:b@h/d", "Begin it with postgres://"],
  ["host=h user=u dbname=d", "is a list of keywords and values. Write it as an address"],
  ["postgres://app:se#cret@h/site", "contains #. Write %23"],
  ["postgres://app:se/cret@h/site", "Percent-encode special characters"],
  ["postgres://app:se?cret@h/site", "Percent-encode special characters"],
  ["postgres://app:100%@h/site", "Write %25"],
  ["postgres://app:a%00@h/site", "contains %00"],
  ["postgres://:secret@h/site", "has no user"],
  ["postgres://app:secret@h", "has no database"],
  ["postgres://app:secret@h/", "has no database"],
  ["postgres://app:secret@/site", "has no host"],
  ["postgres://app:secret@a,b/site", "has several hosts. Give one address"],
  ["postgres://app:secret@h:70000/site", "has a port that is not a number from 1 to 65535"],
  [`${base}?port=x`, "has a port that is not a number"],
  [`${base}?sslmode=on`, "has an unknown sslmode. Give disable, prefer"],
  [`${base}?sslmode=disable&sslrootcert=/ca.pem`, "Give sslmode=verify-full"],
  [`${base}?sslcrl=/x`, "has sslcrl, which is not supported. Remove it"],
  [`${base}?service=x`, "has service, which is not supported. Write host, user"],
  [`${base}?target_session_attrs=standby`, "a standby cannot be used"],
  [`${base}?gssencmode=require`, "Give gssencmode=disable"],
  [`${base}?channel_binding=sometimes`, "has channel_binding with a value that cannot be used"],
  [`${base}?client_encoding=LATIN1`, "connections use UTF8"],
  [`${base}?connect_timeout=soon`, "has connect_timeout, which is not a whole number"],
  [`${base}?options=-x`, "has options that cannot be read. Give options=-c"],
  [`${base}?statement_timeout=5`, 'has the unknown parameter "statement_timeout"'],
  [`${base}?constructor=1`, 'has the unknown parameter "constructor"'],
])("%s is refused with the remedy", (text, remedy) => {
  expect(() => parseConnectionString(text, "DATABASE_URL")).toThrow(ConnectionStringError);
  expect(() => parseConnectionString(text, "DATABASE_URL")).toThrow(/^DATABASE_URL /);
  expect(() => parseConnectionString(text, "DATABASE_URL")).toThrow(remedy);
});

test("an error message contains no user, password or address", () => {
  for (const text of [
    "postgres://hans:hunter2@wonder/land?x=hunter2",
    "hunter2@wonder",
    "postgres://hans:hunter2/@wonder/land",
  ]) {
    expect(() => parseConnectionString(text)).not.toThrow(/hans|hunter2|wonder|land/);
  }
});

test("the start-up packet contains no setting, which a pooler would refuse", () => {
  const parsed = parseConnectionString(
    `${base}?options=-c%20lock_timeout%3D1s%20project%3Dx&schema=public&application_name=shop`,
  );
  expect(connectionOptions(parsed).connection).toEqual({
    application_name: "shop",
    options: "project=x",
  });
});

test("the error for a missing certificate file names its parameter and the remedy", () => {
  const parsed = parseConnectionString(`${base}?sslrootcert=/nowhere/ca.pem`);
  expect(() => connectionOptions(parsed)).toThrow(
    /^The file of sslrootcert .* cannot be read \(ENOENT\)\. Give the path of a PEM file/,
  );
});
