/**
 * Time from the commit that ends a right to its effect, over row-level security, Postgres and a real
 * Soketi: when the notice is on the socket, when an honest page has removed the data, and how many of the
 * signals that follow reach a hostile socket that never signed in and repeats its old signatures.
 * `npm run bench bench/revocation.ts`, about a minute.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres } from "../scripts/parts/postgres/postgres.ts";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { until } from "../scripts/parts/until.ts";
import { channels } from "../src/channels/index.ts";
import { toSql } from "../src/db/connection/to-sql.ts";
import { createDatabase } from "../src/db/database.ts";
import { migrate } from "../src/db/migrate.ts";
import { createRealtimeClient } from "../src/realtime/client/client.ts";
import { postgresJs } from "../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { createRelayLog } from "../src/realtime/log/relay/relay-log.ts";
import { epochChangedEvent } from "../src/realtime/protocol/epoch-changed.ts";
import type { JoinResponse } from "../src/realtime/protocol/messages.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import type { Sql } from "../src/realtime/server/ports.ts";
import { createPublisher } from "../src/realtime/server/publisher.ts";
import { createRelay } from "../src/realtime/server/relay/create-relay.ts";
import { createRealtimeHandler } from "../src/realtime/server/route/create-realtime-handler.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { slim } from "../src/realtime/transports/pusher/slim.ts";
import { authority, type SiteViewer } from "../src/wiring/realtime/access/rules.ts";
import { openRawSocket } from "../tests/support/broker/raw-socket.ts";
import "../tests/support/runner/web-socket.ts";
import { quantile, wait } from "./support/measure.ts";
import { port } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

const READERS = 10;
const GISTS_EACH = 20;
const SIGNALS_EACH = 5;
/** Signals committed before may still be in flight to the broker. */
const UNDER_WAY_MS = 1_000;

const folder = await mkdtemp(join(tmpdir(), "querycast-bench-"));
await chmod(folder, 0o755); // the server may run as another user
const soketi = await startSoketi();
const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
const broker = createPusherBroker({ ...soketi, tls: false });
const closers: (() => unknown)[] = [];
try {
  const appUrl = `postgres://inkwell_app:bench@127.0.0.1:${server.port}/inkwell`;
  await migrate(server.ownerUrl, { appUrl });
  const owner = postgres(server.ownerUrl, { max: READERS, onnotice: () => {} });
  const database = createDatabase(appUrl, { maxConnections: 10 });
  const readLog: Sql = (text, ...values) =>
    database.asRelay(async (tx) => toSql(tx)(text, ...values));
  const log = createSignalLog({ sql: readLog });
  const { publish } = createPublisher({ channels, log });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(appUrl, { connection: { role: "app_relay" } }) }),
    broker,
  });
  relay.start();
  closers.push(
    () => owner.end(),
    () => database.close(),
    relay.stop,
  );

  const newPerson = async (): Promise<SiteViewer> => {
    const id = randomUUID();
    await owner`
      insert into users (id, handle, name, role)
      values (${id}, ${`h${id.slice(0, 8)}`}, 'Somebody', 'author')`;
    return { id, role: "author" };
  };
  const routeFor = (viewer: SiteViewer): typeof fetch => {
    const handle = createRealtimeHandler({
      authority,
      getViewer: async () => viewer,
      read: ({ id, role }, fn) => database.readAs({ userId: id, role }, fn),
      log,
      broker,
      secret: "a secret of at least 32 characters",
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    });
    return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
  };

  /** An honest page. Returns the time at which it removed the data of each channel. */
  const openPage = async (refs: readonly ReturnType<typeof channels.resource>[]) => {
    const forgottenAtMs = new Map<string, number>();
    const client = createRealtimeClient({
      channels,
      transport: slim({ key: soketi.key, host: soketi.host, port: soketi.port, tls: false }),
      fetch: routeFor(await newPerson()),
    });
    closers.push(client.close);
    const note = (name: string) => forgottenAtMs.set(name, performance.now());
    client.observe({ signal: () => {}, gap: () => {}, revoked: note });
    for (const ref of refs) client.subscribe(ref);
    if (!(await until(() => client.getState().status === "live", { timeoutMs: 20_000 }))) {
      throw new Error("A page did not become live.");
    }
    return forgottenAtMs;
  };

  /** Joins once, and then repeats its signatures for these names and for the next ones. */
  const openHostile = async (names: readonly string[]) => {
    const socket = await openRawSocket(soketi);
    closers.push(() => socket.close());
    const response = await routeFor(await newPerson())("/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, type: "join", socketId: socket.socketId, channels: names }),
    });
    const { results } = (await response.json()) as JoinResponse;
    const joined = results.filter((result) => result.status === "joined");
    const insist = (name: string) => {
      for (const { channel, wireName, auth } of joined) {
        if (channel !== name) continue;
        const next = wireName.replace(/\d+$/, (epoch) => String(Number(epoch) + 1));
        for (const each of [wireName, next]) {
          socket.send({ event: "pusher:subscribe", data: { channel: each, auth } });
        }
      }
    };
    for (const { channel } of joined) insist(channel);
    const isOn = () =>
      socket.frames.filter(({ event }) => event === "pusher_internal:subscription_succeeded")
        .length === names.length;
    if (!(await until(isOn, { timeoutMs: 20_000 }))) throw new Error("The hostile socket is out.");
    return { socket, insist };
  };

  const author = await newPerson();
  const newGist = async () => {
    const id = randomUUID();
    await owner`
      insert into gists (id, title, description, visibility, owner_id)
      values (${id}, 'T', 'D', 'public', ${author.id})`;
    return channels.resource({ resourceType: "gist", resourceId: id });
  };

  const toNoticeMs: number[] = [];
  const toPageMs: number[] = [];
  let sent = 0;
  let received = 0;
  /** One reader, whose gists are made private one after the other. */
  const revokeAll = async () => {
    const refs = await Promise.all(Array.from({ length: GISTS_EACH }, newGist));
    const forgottenAtMs = await openPage(refs);
    const hostile = await openHostile(refs.map(({ name }) => name));
    const tell = (ref: (typeof refs)[number]) =>
      owner.begin((tx) =>
        publish(signal(ref, "comment.created", { commentId: randomUUID() }), { tx: port(tx) }),
      );
    const noticeAtMs = new Map<string, number>();
    for (const ref of refs) {
      // Proves that the socket received signals before the right ended.
      const isOf = ({ channel }: { channel?: string }) => channel === `private-${ref.name}.e0`;
      const isHeard = (event: string) =>
        hostile.socket.frames.some((frame) => frame.event === event && isOf(frame));
      await tell(ref);
      if (!(await until(() => isHeard("comment.created"), { timeoutMs: 20_000, everyMs: 2 }))) {
        throw new Error("The hostile socket received no signal before the right ended.");
      }
      const [, resourceId] = /^resource\.gist\.(.+)$/.exec(ref.name) ?? [];
      await owner`update gists set visibility = 'private' where id = ${resourceId ?? ""}`;
      const committedMs = performance.now();
      const watching = until(() => isHeard(epochChangedEvent), {
        timeoutMs: 20_000,
        everyMs: 1,
      }).then(() => noticeAtMs.set(ref.name, performance.now()));
      const before = hostile.socket.frames.length;
      for (let index = 0; index < SIGNALS_EACH; index += 1) {
        hostile.insist(ref.name);
        await tell(ref);
        sent += 1;
      }
      await watching;
      await until(() => forgottenAtMs.has(ref.name), { timeoutMs: 20_000, everyMs: 1 });
      received += hostile.socket.frames
        .slice(before)
        .filter(
          ({ event, channel }) => event === "comment.created" && channel?.includes(ref.name),
        ).length;
      toNoticeMs.push((noticeAtMs.get(ref.name) ?? Number.POSITIVE_INFINITY) - committedMs);
      toPageMs.push((forgottenAtMs.get(ref.name) ?? Number.POSITIVE_INFINITY) - committedMs);
    }
    const late = hostile.socket.frames.length;
    await wait(UNDER_WAY_MS);
    received += hostile.socket.frames
      .slice(late)
      .filter(({ event }) => event === "comment.created").length;
  };
  await Promise.all(Array.from({ length: READERS }, revokeAll));

  print(`${toPageMs.length} rights end, ${READERS} at a time, ${sent} signals after them\n`);
  const show = (what: string, values: readonly number[]) => {
    const [p50, p99] = [0.5, 0.99].map((q) => format(quantile(values, q)));
    print(`  ${what}: p50 ${p50} ms, p99 ${p99} ms`);
  };
  show("to the notice on the socket", toNoticeMs);
  show("to a page that has asked, was refused and has forgotten", toPageMs);
  goal("S3.9", "signals received by the hostile sockets", received, { atMost: 0 }, "");
  goal("S3.9", "notice, p99", quantile(toNoticeMs, 0.99), { atMost: 2_000 }, " ms");
  goal("S3.9", "page, p99", quantile(toPageMs, 0.99), { atMost: 2_000 }, " ms");
  finish();
} finally {
  for (const close of closers.reverse()) await close();
  broker.close();
  await soketi.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(`${folder}.log`, { force: true });
}
