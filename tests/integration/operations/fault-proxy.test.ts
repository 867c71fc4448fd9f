import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cluster } from "../../support/broker/cluster.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createFaultProxy, type FaultProxy } from "../../support/servers/fault-proxy.ts";

const host = "127.0.0.1";
let proxy: FaultProxy;
let served: Socket[];
const closers: (() => Promise<unknown> | unknown)[] = [];
/** An echo server behind a proxy. */
beforeEach(async () => {
  served = [];
  const echo = createServer((socket) => {
    served.push(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  echo.listen(0, host);
  await once(echo, "listening");
  proxy = await createFaultProxy({ target: { host, port: (echo.address() as AddressInfo).port } });
  closers.push(() => {
    for (const socket of served) socket.destroy();
    return new Promise((resolve) => echo.close(resolve));
  });
  closers.push(() => proxy.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function dial() {
  const socket = connect(proxy.port, host);
  let received = "";
  let ended: string | undefined;
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    received += text;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    ended = error.code;
  });
  socket.on("close", () => {
    ended ??= "closed";
  });
  closers.push(() => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve).once("close", () => resolve());
  });
  return { socket, received: () => received, ended: () => ended };
}
const hears = (line: Awaited<ReturnType<typeof dial>>, text: string) =>
  vi.waitFor(() => expect(line.received()).toBe(text));
/** The peer of the only connection. */
const target = async () => {
  await vi.waitFor(() => expect(served).toHaveLength(1));
  return served[0]!;
};
const ends = (line: Awaited<ReturnType<typeof dial>>, how: string) =>
  vi.waitFor(() => expect(line.ended()).toBe(how));

test("without a fault all bytes and ends of streams pass", async () => {
  const line = await dial();
  line.socket.write("a");
  await hears(line, "a");
  line.socket.end("b");
  await hears(line, "ab");
  await ends(line, "closed");
  await vi.waitFor(() => expect(proxy.connections()).toBe(0));
});

test("refuse rejects new connections and keeps open ones, until healed on the same port", async () => {
  const before = await dial();
  await proxy.refuse();
  const during = await dial();
  await ends(during, "ECONNREFUSED");
  before.socket.write("still");
  await hears(before, "still");
  await proxy.heal();
  const after = await dial();
  after.socket.write("again");
  await hears(after, "again");
});

test("reset ends open and new connections until healed; cut ends only open ones", async () => {
  const line = await dial();
  line.socket.write("x");
  await hears(line, "x");
  proxy.reset();
  await ends(line, "ECONNRESET");
  await ends(await dial(), "ECONNRESET");
  await proxy.heal();
  const next = await dial();
  next.socket.write("y");
  await hears(next, "y");
  proxy.cutAll();
  await ends(next, "ECONNRESET");
  expect((await dial()).ended()).toBeUndefined();
});

test("freeze holds all bytes and closes nothing; healed, they arrive in order", async () => {
  const line = await dial();
  line.socket.write("1");
  await hears(line, "1");
  proxy.freeze();
  line.socket.write("2");
  const late = await dial();
  late.socket.write("3");
  // The target's own bytes mark the end: it has sent them before the check.
  await new Promise<void>((resolve) => served[0]?.write("4", () => resolve()));
  expect([line.received(), late.received()]).toEqual(["1", ""]);
  await proxy.heal();
  await vi.waitFor(() => expect([...line.received()].sort().join("")).toBe("124"));
  await hears(late, "3");
  expect(line.ended()).toBeUndefined();
});

test.each(["up", "down"] as const)(
  "a black hole %s loses all bytes in one direction without closing",
  async (way) => {
    const line = await dial();
    line.socket.write("1");
    await hears(line, "1");
    proxy.blackHole(way);
    line.socket.write("lost");
    await vi.waitFor(() => expect(proxy.lostBytes()).toBe(4));
    // The other direction works.
    if (way === "up") served[0]?.write("2");
    if (way === "up") await hears(line, "12");
    await proxy.heal();
    line.socket.write("3");
    await hears(line, way === "down" ? "13" : "123");
    expect(line.ended()).toBeUndefined();
  },
);

test("delay keeps the order, also when it is lifted before all bytes have arrived", async () => {
  const line = await dial();
  const other = await target();
  proxy.delay(60);
  const sentAtMs = performance.now();
  line.socket.write("1");
  await once(other, "data");
  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(55);
  line.socket.write("2");
  await proxy.heal();
  line.socket.write("3");
  await hears(line, "123");
});

test("a frozen target holds a bounded number of bytes, then the sender gets backpressure", async () => {
  const line = await dial();
  proxy.freeze();
  const chunk = "x".repeat(1024 * 1024);
  let sent = 0;
  while (sent < 64 && line.socket.write(chunk)) sent += 1;
  for (let more = 0; more < 20; more += 1) line.socket.write(chunk);
  await vi.waitFor(() => expect(line.socket.writableLength).toBeGreaterThan(1024 * 1024));
  await proxy.heal();
  await vi.waitFor(() => expect(line.socket.writableLength).toBe(0));
});

test("closing ends every connection in any state, and can be repeated", async () => {
  const line = await dial();
  proxy.delay(60_000);
  line.socket.write("never");
  proxy.freeze();
  await proxy.refuse();
  await proxy.close();
  await proxy.close();
  await ends(line, "ECONNRESET");
  expect(proxy.connections()).toBe(0);
});

test("the proxy works in front of Postgres and Soketi", async () => {
  const { host: soketiHost, port: soketiPort } = sharedSoketi();
  const url = new URL(cluster());
  const before = {
    soketi: await createFaultProxy({ target: { host: soketiHost, port: soketiPort } }),
    postgres: await createFaultProxy({ target: { host: url.hostname, port: Number(url.port) } }),
  };
  closers.push(before.soketi.close, before.postgres.close);
  expect((await fetch(`http://${host}:${before.soketi.port}/ready`)).ok).toBe(true);
  url.port = String(before.postgres.port);
  let isClosed = false;
  const onclose = () => {
    isClosed = true;
  };
  const sql = postgres(url.href, { max: 1, connect_timeout: 2, onnotice: () => {}, onclose });
  closers.push(() => sql.end({ timeout: 0 }));
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  const admin = postgres(cluster(), { max: 1, onnotice: () => {} });
  closers.push(() => admin.end({ timeout: 0 }));
  const slow = sql`select pg_sleep(20)`.then(
    () => "answered",
    (error: { code: string }) => error.code,
  );
  await vi.waitFor(async () => {
    const running = await admin`select from pg_stat_activity where query = 'select pg_sleep(20)'`;
    expect(running).toHaveLength(1);
  });
  before.postgres.cutAll();
  expect(await slow).toMatch(/CONNECTION_|ECONNRESET/);
  // postgres.js loses a query that is sent between the error and the close of its connection.
  await vi.waitFor(() => expect(isClosed).toBe(true));
  expect(await sql`select 2 as two`).toEqual([{ two: 2 }]);
});
