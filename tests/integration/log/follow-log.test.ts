import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  createFollowLog,
  createRelay,
  createSignalLog,
  type RelayLog,
} from "querycast/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});
const room = channels.room({ roomId: "1" });

let database: LogDatabase;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await createLogDatabase();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await database.close();
});

const commit = (messageId: string) =>
  database.writer.begin((tx) =>
    createSignalLog({ sql: port(database.reader) }).append(port(tx), [
      signal(room, "message.posted", { messageId }),
    ]),
  );

/** A process that follows the log and records received signals. */
async function follow(log: RelayLog = createFollowLog({ open: postgresJs(database.readerUrl) })) {
  const received: string[] = [];
  const relay = createRelay({
    log,
    broker: {
      publish: async (deliveries) => {
        for (const { signal: each } of deliveries) {
          received.push(...(each.ids ?? []).map((id) => String(id.messageId)));
        }
      },
    } as Broker,
  });
  closers.push(() => relay.stop());
  relay.start();
  await vi.waitFor(() => expect(relay.health().state).toBe("leading"));
  return { received, relay };
}

test("E9 every process receives every commit from the moment it follows", async () => {
  await commit("before");
  const all = await Promise.all([follow(), follow(), follow()]);
  for (let round = 0; round < 20; round += 1) await commit(`m${round}`);
  const expected = Array.from({ length: 20 }, (_, round) => `m${round}`);
  for (const { received } of all) {
    await vi.waitFor(() => expect([...new Set(received)]).toEqual(expected));
  }
});

test("E9 S1.9 commits during a lost database session are delivered when it is restored", async () => {
  const open = postgresJs(database.readerUrl, { connection: { application_name: "follower" } });
  const { received } = await follow(createFollowLog({ open }));
  await commit("m1");
  await vi.waitFor(() => expect(received).toContain("m1"));
  for (const round of ["2", "3"]) {
    await database.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'follower' and datname = current_database()`;
    await commit(`m${round}`);
    await vi.waitFor(() => expect(received).toContain(`m${round}`), 10_000);
  }
});

test("E9 following does not move the relay's mark: a relay of the same log still delivers all signals", async () => {
  await follow();
  await commit("m1");
  const [row] = await database.owner`select position from querycast.relay`;
  expect(row).toEqual({ position: null });
});

const days = () => database.owner`select day from querycast.days order by day`;

test("R7 followers drop old days only when no relay reads the log", async () => {
  const old = createFollowLog({ open: postgresJs(database.readerUrl) });
  const sole = createFollowLog({ open: postgresJs(database.readerUrl), prunes: true });
  const [guest, owner] = await Promise.all(
    [old, sole].map((log) => log.open({ notified: () => {}, closed: () => {} })),
  );
  closers.push(
    async () => guest?.close(),
    async () => owner?.close(),
  );
  await commit("m1");
  const turn = async (session: typeof owner) => {
    for (let round = 0; round < 6; round += 1) await session?.prune(0);
  };
  const before = await days();
  await turn(guest);
  expect(await days()).toEqual(before);
  await turn(owner);
  expect((await days())[0]).not.toEqual(before[0]);
  const [rows] = await database.owner`select count(*)::int as amount from querycast.signals`;
  expect(rows).toEqual({ amount: 0 });
});
