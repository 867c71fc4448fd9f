import postgres from "postgres";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createRelayLog,
  createSignalLog,
  migrateLog,
  type OpenDatabaseSession,
  pruneLog,
} from "querycast/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parsePosition } from "@/realtime/log/read/position.ts";
import { readPage } from "@/realtime/log/relay/read-page.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const room = channels.room({ roomId: "r1" });
const hourMs = 60 * 60 * 1000;
const retentionMs = 72 * hourMs;

let database: LogDatabase;
beforeEach(async () => {
  database = await createLogDatabase();
});
afterEach(() => database.close());

const log = () => createSignalLog({ sql: port(database.reader) });
const append = (tx: postgres.TransactionSql, messageId: number, to = room) =>
  log().append(port(tx), [signal(to, "message.posted", { messageId })]);
const write = (messageId: number, to = room) =>
  database.writer.begin((tx) => append(tx, messageId, to));
const since = async (position: string | null, { name } = room) =>
  (await log().since([{ channel: name, position }])).get(name);
const now = async (of = room) => (await since(null, of))?.position ?? "";
const missed = async (position: string, of = room) => {
  const answer = await since(position, of);
  if (answer?.status !== "replay") return answer?.status;
  return answer.signals.flatMap(({ ids: list }) => list?.map(({ messageId }) => messageId));
};
const prune = async (maxAgeMs = retentionMs) =>
  Number((await database.reader`select querycast.prune_signals(${maxAgeMs}, 100) as n`)[0]?.n);
/** Lets time pass for the log and delivers everything in it. */
async function pass(hours: number): Promise<void> {
  await database.owner`
    update querycast.days set began_at = began_at - ${`${hours} hours`}::interval,
      ended_at = ended_at - ${`${hours} hours`}::interval`;
  await database.reader`update querycast.relay set position = pg_current_snapshot()::text`;
}
/** As the relay does every ten minutes. */
async function nextDay(): Promise<void> {
  await pass(24);
  const before = await today();
  await prune();
  expect(await today()).toBe(before + 1);
}
const today = async () =>
  Number((await database.owner`select last_value from querycast.today`)[0]?.last_value);
const tables = async () =>
  (
    await database.owner<{ name: string }[]>`
      select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'querycast.signals'::regclass order by relname`
  ).map(({ name }) => name);

test("R7 each day has a separate table, created ahead, and the day changes at most once in 24 hours", async () => {
  expect(await tables()).toEqual(["signals_0", "signals_1"]);
  await prune();
  await pass(23);
  await prune();
  expect(await today()).toBe(0);
  await nextDay();
  await prune();
  expect(await today()).toBe(1);
  expect(await tables()).toEqual(["signals_0", "signals_1", "signals_2"]);
});

test("R7 an old day is dropped as a whole; earlier cursors get a gap, later ones a replay", async () => {
  const first = await now();
  await write(1);
  await nextDay();
  const second = await now();
  await write(2);
  await nextDay();
  await write(3);
  expect(await missed(first)).toEqual(["1", "2", "3"]);
  await nextDay();
  await pass(23);
  expect(await prune()).toBe(0);
  await pass(2);
  expect(await prune()).toBe(1);
  expect(await tables()).not.toContain("signals_0");
  expect(await missed(first)).toBe("gap");
  expect(await missed(second)).toEqual(["2", "3"]);
});

test("R7 an undelivered signal is never dropped", async () => {
  await write(1);
  await nextDay();
  await pass(100);
  await database.reader`update querycast.relay set position = '3:3:'`;
  await prune();
  expect(await prune()).toBe(0);
  expect(await tables()).toContain("signals_0");
  await pass(0);
  expect(await prune()).toBe(1);
});

test("R7 a late commit into an ended day is delivered and replayed, and keeps the day", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  const relay = await relayLog.open({ notified: () => {}, closed: () => {} });
  try {
    const start = (await relay.lead()) ?? "";
    const cursor = await now();
    let position = start;
    await database.writer.begin(async (slow) => {
      await append(slow, 1);
      await nextDay();
      await write(2);
      const page = await relay.read(start);
      expect(page.deliveries).toHaveLength(1);
      position = page.position;
      await relay.save(position, {
        since: start,
        signals: 1,
        withheld: 0,
        frames: 1,
        attempts: 1,
        tookMs: 0,
      });
      await pass(100);
      await prune();
      await prune();
      expect(await tables()).toContain("signals_0");
    });
    const late = await relay.read(position);
    expect(late.deliveries.map((each) => each.signal.ids)).toEqual([[{ messageId: "1" }]]);
    expect(await missed(cursor)).toEqual(["1", "2"]);
  } finally {
    await relay.close();
  }
});

test("R7 the relay scans no day that ended before its position", async () => {
  const first = await now();
  await write(1);
  for (const _day of [1, 2]) await nextDay();
  await prune();
  await write(2);
  const last = await now();
  await write(3);
  expect(await scannedByRelay(last, ["3"])).toEqual(["signals_2", "signals_3"]);
  expect(await scannedByRelay(first, ["1", "2", "3"])).toContain("signals_0");
  expect(await missed(first)).toEqual(["1", "2", "3"]);
});

/** The tables of days that the relay's read from a position scans. */
async function scannedByRelay(position: string, expected: readonly string[]) {
  const from = parsePosition(position);
  if (from === undefined) throw new Error(`${position} is no position.`);
  // A new session has counted no scan before.
  const session = postgres(database.readerUrl, { max: 1, onnotice: () => {} });
  try {
    return await session.begin(async (tx) => {
      const { deliveries } = await readPage(port(tx), from, 100);
      const read = deliveries.flatMap(({ signal }) => signal.ids?.map((id) => id.messageId));
      expect(read).toEqual(expected);
      const scanned = await tx<{ name: string }[]>`
        select relname as name from pg_stat_xact_user_tables
        where relname ~ '^signals_[0-9]+$' and seq_scan + coalesce(idx_scan, 0) > 0 order by 1`;
      return scanned.map(({ name }) => name);
    });
  } finally {
    await session.end();
  }
}

test("R7 a writer with an open transaction delays a drop and no one else", async () => {
  await write(1);
  await nextDay();
  await database.writer.begin(async (slow) => {
    await append(slow, 2);
    await pass(100);
    await prune();
    expect(await prune()).toBe(0);
    await write(3);
    expect(await missed(await now())).toBe("upToDate");
  });
  await pass(0);
  expect(await prune()).toBe(1);
});

test("a log of a version before the first release is left as it is, with a message that names the remedy", async () => {
  await database.owner`drop schema querycast cascade`;
  await database.owner.unsafe(`
    create schema querycast;
    create table querycast.migrations (version integer primary key, applied_at timestamptz);
    insert into querycast.migrations values (1), (2);`);
  await expect(migrateLog(port(database.owner))).rejects.toMatchObject({
    message: expect.stringContaining("before the first release"),
    hint: expect.stringContaining("drop schema querycast cascade"),
  });
  expect(await database.owner`select to_regclass('querycast.signals') as signals`).toEqual([
    { signals: null },
  ]);
});

test("R7 while days change and are dropped, appends succeed and a cursor gets all missed signals or a gap", async () => {
  let isOver = false;
  let written = 0;
  const writers = [1, 2, 3].map(async () => {
    while (!isOver) {
      written += 1;
      await write(written);
    }
  });
  let answered = 0;
  // The writers may append any number of signals before the answer, and those of one channel and name are merged.
  const own = channels.room({ roomId: "r2" });
  const reader = async () => {
    while (!isOver) {
      const position = await now(own);
      const messageId = answered + 1;
      await write(messageId, own);
      expect(["gap", [String(messageId)]]).toContainEqual(await missed(position, own));
      answered += 1;
    }
  };
  const turning = async () => {
    for (let day = 0; day < 12; day += 1) {
      await pass(24);
      await prune(48 * hourMs);
      await prune(48 * hourMs);
    }
    isOver = true;
  };
  await Promise.all([...writers, reader(), turning()]);
  expect(await today()).toBeGreaterThan(8);
  expect((await tables()).length).toBeLessThan(10);
  expect(answered).toBeGreaterThan(5);
});

test("S2.8 a log without a relay is pruned by age alone, without a LISTEN", async () => {
  const statements: string[] = [];
  const open: OpenDatabaseSession = async (handlers) => {
    const session = await postgresJs(database.readerUrl)(handlers);
    return {
      ...session,
      sql: (parts, ...values) => {
        statements.push(parts.join("?"));
        return session.sql(parts, ...values);
      },
    };
  };
  await write(1);
  await database.owner`update querycast.days set began_at = began_at - interval '24 hours'`;
  expect(await pruneLog({ open })).toBe(0); // begins the next day
  await write(2);
  expect(await pruneLog({ open })).toBe(0); // records where the first day ended
  await database.owner`update querycast.days set ended_at = ended_at - interval '73 hours'`;
  expect(await pruneLog({ open })).toBe(1);
  expect(await database.owner`select ids from querycast.signals`).toHaveLength(1);
  expect(statements.filter((each) => /listen/i.test(each))).toEqual([]);
});

test("a log with a relay is not pruned beside it", async () => {
  const relay = await createRelayLog({ open: postgresJs(database.readerUrl) }).open({
    notified: () => {},
    closed: () => {},
  });
  await relay.lead();
  const before = await database.owner`select position from querycast.relay`;
  await write(1);
  expect(await pruneLog({ open: postgresJs(database.readerUrl), retentionMs: 0 })).toBe(0);
  expect(await database.owner`select position from querycast.relay`).toEqual(before);
  await relay.close();
});
