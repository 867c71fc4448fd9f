import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { postgresJs } from "querycast/postgres-js";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLogDatabase, type LogDatabase } from "../../support/database/log-database.ts";

/** A connection to Postgres that loses everything the client sends after a number of bytes. */
interface Line {
  readonly url: string;
  /** Bytes of each message of the client. */
  readonly sizes: readonly number[];
  /** Passes this many bytes more. */
  cutAfter(bytes: number): void;
}

let database: LogDatabase;
const servers: Server[] = [];
const sockets: Socket[] = [];
beforeAll(async () => {
  database = await createLogDatabase();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await database?.close();
});

async function openLine(): Promise<Line> {
  const target = new URL(database.readerUrl);
  const sizes: number[] = [];
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((client) => {
    const postgres = connect(Number(target.port), target.hostname);
    sockets.push(client, postgres);
    for (const socket of [client, postgres]) socket.on("error", () => {});
    postgres.pipe(client, { end: false });
    client.on("data", (chunk: Buffer) => {
      const passed = chunk.subarray(0, Math.max(0, left));
      left -= chunk.length;
      sizes.push(chunk.length);
      if (passed.length > 0) postgres.write(passed);
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    sizes,
    cutAfter: (bytes) => {
      left = bytes;
    },
  };
}

/** Opens a session that holds a lock, as that of a relay which leads. */
async function openHolder(key: number, settings: Readonly<Record<string, string>>) {
  const line = await openLine();
  const session = await postgresJs(line.url, { connection: settings })({
    notified: () => {},
    closed: () => {},
  });
  await session.sql`select pg_advisory_lock(${key}::bigint)`;
  return { line, ...session };
}

type Holder = Awaited<ReturnType<typeof openHolder>>;

/** Sends a statement that the session has not prepared yet. Its answer may never arrive. */
const send = ({ sql }: Holder) =>
  Promise.resolve(sql`select ${"anything"}::text as answer`).then(
    () => {},
    () => {},
  );

const holders = () => database.owner`
  select from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and datname = current_database()`;

/** As the session has them, and shorter. */
const limits = { idle_session_timeout: "1000", transaction_timeout: "1000" };

test("R8 a session that is cut off after any byte of a statement loses its locks", async () => {
  const whole = await openHolder(0, limits);
  const before = whole.line.sizes.length;
  await send(whole);
  const sizes = whole.line.sizes.slice(before);
  await whole.close();
  expect(sizes.length).toBeGreaterThan(1); // one message prepares the statement

  const length = sizes.reduce((sum, size) => sum + size, 0);
  // Each third byte, and the last one: then the answer arrives, and the session is idle.
  const cuts = [...Array.from({ length: Math.ceil(length / 3) }, (_, n) => n * 3), length];
  const opened: Holder[] = [];
  for (const bytes of cuts) {
    const holder = await openHolder(bytes + 1, limits);
    holder.line.cutAfter(bytes);
    void send(holder);
    opened.push(holder);
  }
  await vi.waitFor(async () => expect(await holders()).toHaveLength(0), { timeout: 20_000 });
  for (const { close } of opened) await close();
}, 60_000);

test("R8 Postgres ends a session of the log that is silent for 30 s, idle or within a transaction", async () => {
  const { sql, close } = await openHolder(0, {});
  const settings = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('idle_session_timeout', 'transaction_timeout')
    order by name`;
  expect(settings).toEqual([
    { name: "idle_session_timeout", setting: "30000" },
    { name: "transaction_timeout", setting: "30000" },
  ]);
  await close();
});
