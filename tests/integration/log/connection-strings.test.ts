import { execFileSync } from "node:child_process";
import { chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { postgresJs } from "querycast/postgres-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase } from "@/db/database.ts";
import { migrate } from "@/db/migrate.ts";
import { type RunningPostgres, startPostgres } from "../../../scripts/parts/postgres/postgres.ts";
import { until } from "../../../scripts/parts/until.ts";

/** A Postgres that accepts only TLS and Unix sockets, with a `localhost` certificate of a separate authority. */
let server: RunningPostgres;
let folder: string;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "querycast-tls-"));
  await chmod(folder, 0o777); // the server may run as another user and creates its socket here
  const dataDir = join(folder, "postgres");
  server = await startPostgres({
    dataDir,
    durable: false,
    settings: { unix_socket_directories: folder },
  });
  await migrate(server.ownerUrl, { appUrl: address("127.0.0.1") });
  const { uid, gid } = await stat(dataDir);
  const [key, certificate] = [join(dataDir, "server.key"), join(dataDir, "server.crt")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      certificate,
    ].concat(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]),
    { stdio: "ignore" },
  );
  ca = join(folder, "ca.pem");
  await copyFile(certificate, ca);
  await chmod(key, 0o600);
  for (const file of [key, certificate]) await chown(file, uid, gid);
  const admin = postgres(server.ownerUrl, { max: 1, onnotice: () => {} });
  await admin`alter system set ssl = on`;
  await writeFile(
    join(dataDir, "pg_hba.conf"),
    "hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\nlocal all all scram-sha-256\n",
  );
  await admin`select pg_reload_conf()`;
  await admin.end();
  const isRefused = async () =>
    (await attempt(`${address("127.0.0.1")}?sslmode=disable`)) === "28000";
  expect(await until(isRefused, { timeoutMs: 20_000 })).toBe(true);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function address(host: string): string {
  return `postgres://inkwell_app:secret@${host}:${server.port}/inkwell`;
}

/** Result of a read of the site: its role, or the error code. */
async function attempt(url: string): Promise<string> {
  const database = createDatabase(url, { maxConnections: 1, waitMs: 5_000 });
  try {
    const rows = await database.readAs(
      { userId: null, role: null },
      async (tx) => toSql(tx)<{ is: string }>`select current_user as is`,
    );
    return rows[0]?.is ?? "nothing";
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await database.close();
  }
}

/** Result of a session of the relay. */
async function attemptSession(url: string): Promise<string> {
  try {
    const session = await postgresJs(url, { connection: { role: "app_relay" } })({
      notified: () => {},
      closed: () => {},
    });
    const rows = await session.sql<{ is: string }>`select current_user as is`;
    await session.close();
    return rows[0]?.is ?? "nothing";
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

test.each([
  ["sslmode=require", "127.0.0.1", true],
  ["sslmode=require&channel_binding=require", "localhost", true],
  ["sslmode=prefer", "localhost", true],
  ["sslmode=verify-full&sslrootcert=CA", "localhost", true],
  ["sslrootcert=CA", "localhost", true],
  ["sslmode=require&sslrootcert=CA", "127.0.0.1", true],
  ["sslmode=verify-ca&sslrootcert=CA", "127.0.0.1", true],
  ["sslmode=verify-full&sslrootcert=CA", "127.0.0.1", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ["sslmode=verify-full", "localhost", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["sslrootcert=system", "localhost", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["sslmode=disable", "localhost", "28000"],
])(
  "with %s the site and the relay connect to a TLS-only Postgres at %s as %s",
  async (query, host, expected) => {
    const url = `${address(host)}?${query.replace("CA", encodeURIComponent(ca))}`;
    expect(await attempt(url)).toBe(expected === true ? "app_user" : expected);
    expect(await attemptSession(url)).toBe(expected === true ? "app_relay" : expected);
  },
);

test.each(["?host=FOLDER", "FOLDER in place of the host"])(
  "the site, the relay and the migration connect to a Unix socket by %s",
  async (how) => {
    const socket = encodeURIComponent(folder);
    const urlFor = (login: string) =>
      how.startsWith("?")
        ? `postgres://${login}@/inkwell?host=${socket}&port=${server.port}`
        : `postgres://${login}@${socket}:${server.port}/inkwell`;
    const { username, password } = new URL(server.ownerUrl);
    const appUrl = urlFor("inkwell_app:secret");
    await migrate(urlFor(`${username}:${password}`), { appUrl });
    expect(await attempt(appUrl)).toBe("app_user");
    expect(await attemptSession(appUrl)).toBe("app_relay");
  },
);
