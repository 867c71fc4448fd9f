import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Delivery,
  migrateLog,
  type OpenDatabaseSession,
} from "querycast/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startPostgres } from "../../../scripts/parts/postgres/postgres.ts";
import { endProcess } from "../../../scripts/parts/processes.ts";
import { port } from "../../support/database/log-database.ts";
import { createRelayRig, hasTold, type RelayRig } from "../../support/rigs/relay-rig.ts";

let rig: RelayRig;
beforeEach(async () => {
  rig = await createRelayRig();
});
afterEach(() => rig.close());

/** `KILLS=200` for the full test. */
// biome-ignore lint/style/noProcessEnv: the length of the test is chosen by the caller
const kills = Number(process.env.KILLS ?? 20);
/** Ends a session that receives nothing. Between the messages of a statement it is in a transaction, not idle. */
const soonCutOff = { idle_session_timeout: 5_000, transaction_timeout: 5_000 };
const all = (amount: number) => Array.from({ length: amount }, (_, index) => index);
const endBackends = () => rig.database.owner`
  select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and datname = current_database()`;

test(
  `R8 ending the relay's backend ${kills} times between a commit and the read loses no signal`,
  async () => {
    const room = await rig.newRoom();
    const { relay, events } = rig.startRelay();
    const failures = () => events.filter(({ type }) => type === "database-failed").length;
    for (const round of all(kills)) {
      await vi.waitFor(() => expect(relay.health().state).toBe("leading"), { timeout: 10_000 });
      await rig.write(room, round);
      await endBackends();
      await vi.waitFor(() => expect(failures()).toBe(round + 1), { timeout: 10_000 });
    }
    await rig.hears(room, all(kills));
  },
  60_000 + kills * 1000,
);

test.each(["up", "down"] as const)(
  "R8 a connection that went silent %sstream is closed, and the relay does not wait for notifications on it",
  async (direction) => {
    const room = await rig.newRoom();
    const { events } = rig.startRelay({ settings: soonCutOff });
    await hasTold(events, "leading");
    await rig.write(room, 1);
    await rig.hears(room, [1]);
    rig.toDatabase.blackHole(direction);
    await rig.write(room, 2);
    const since = events.length;
    await hasTold(events, "database-failed", { since, timeoutMs: 15_000 });
    expect(rig.received(room)).toEqual(["1"]);
    // New connections work. The silent one stays open, and its backend does not notice.
    await rig.toDatabase.heal();
    await rig.hears(room, [1, 2], 20_000);
  },
  60_000,
);

test("R8 a relay that is cut off without notice loses the lead, and stands by after it returns", async () => {
  const room = await rig.newRoom();
  const first = rig.startRelay({ settings: soonCutOff });
  await hasTold(first.events, "leading");
  rig.toDatabase.freeze();
  const relayLog = createRelayLog({ open: postgresJs(rig.database.readerUrl) });
  const received: Delivery[] = [];
  const second = createRelay({
    log: relayLog,
    broker: brokerThatTells(received),
  });
  second.start();
  await vi.waitFor(() => expect(second.health().state).toBe("leading"), { timeout: 20_000 });
  await rig.write(room, 1);
  await vi.waitFor(() => expect(received.length).toBeGreaterThan(0), { timeout: 10_000 });
  const since = first.events.length;
  await rig.toDatabase.heal();
  await hasTold(first.events, "standby", { since, timeoutMs: 20_000 });
  expect(second.health().state).toBe("leading");
  expect(rig.received(room)).toEqual([]);
  await second.stop();
}, 90_000);

test("a connection without notifications, as through a pooler, is refused at start with an error that names the reason", async () => {
  const deaf =
    (open: OpenDatabaseSession): OpenDatabaseSession =>
    ({ closed }) =>
      open({ closed, notified: () => {} });
  const { relay, events } = rig.startRelay({ session: deaf });
  const told = await hasTold(events, "database-failed");
  expect("error" in told && String(told.error)).toContain("does not receive its own notifications");
  expect(relay.health().state).toBe("connecting");
});

/** A durable Postgres with a log, in a separate folder. */
async function startOwnPostgres() {
  const folder = await mkdtemp(join(tmpdir(), "querycast-postgres-"));
  await chmod(folder, 0o755); // the server may run as another user
  const dataDir = join(folder, "postgres");
  let server = await startPostgres({ dataDir });
  const sql = postgres(server.ownerUrl, { max: 2, onnotice: () => {} });
  await migrateLog(port(sql));
  return {
    sql,
    dataDir,
    url: server.ownerUrl,
    stop: () => server.stop(),
    /** `pg_ctl stop -m immediate` */
    crash: () => endProcess(server.pid, ["SIGQUIT", "SIGKILL"]),
    /** Starts it on the same port. */
    start: async () => {
      server = await startPostgres({ dataDir, port: server.port });
    },
    close: async () => {
      await sql.end({ timeout: 1 });
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** For tests without LISTEN. */
const brokerThatTells = (received: Delivery[]): Broker => ({
  publish: async (frames) => void received.push(...frames),
  signJoin: async () => "",
  signUser: async () => ({ auth: "", userData: "" }),
  terminate: async () => {},
});

test("a relay on a standby fails with an error that requires the primary", async () => {
  const server = await startOwnPostgres();
  await server.stop();
  await writeFile(join(server.dataDir, "standby.signal"), "");
  await server.start();
  const opening = createRelayLog({ open: postgresJs(server.url) }).open({
    notified: () => {},
    closed: () => {},
  });
  await expect(opening).rejects.toThrow(/is a standby.+give the relay.+the primary/);
  await server.close();
}, 60_000);

test("R1 a database that is killed and restarted loses no signal, and the relay continues", async () => {
  const server = await startOwnPostgres();
  const channels = defineChannels({
    room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
  });
  const log = createSignalLog({ sql: port(server.sql) });
  const write = (messageId: number) =>
    server.sql.begin((tx) =>
      log.append(port(tx), [
        signal(channels.room({ roomId: "1" }), "message.posted", { messageId }),
      ]),
    );
  const frames: Delivery[] = [];
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(server.url) }),
    broker: brokerThatTells(frames),
    random: () => 0.2,
  });
  relay.start();
  for (const round of all(3)) {
    await vi.waitFor(() => expect(relay.health().state).toBe("leading"), { timeout: 10_000 });
    await write(2 * round);
    await server.crash();
    await server.start();
    await vi.waitFor(() => write(2 * round + 1), { timeout: 10_000 });
  }
  await vi.waitFor(
    () => {
      const received = frames.flatMap(({ signal: sent }) => sent.ids ?? []);
      const told = [...new Set(received.map(({ messageId }) => Number(messageId)))];
      expect(told).toEqual(all(6));
    },
    { timeout: 10_000 },
  );
  await relay.stop();
  await server.close();
}, 90_000);
