import { channel, defineChannels, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createRelayLog, createSignalLog, type RelaySession } from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createLogDatabase, type LogDatabase, port } from "./log-database.ts";

const channels = defineChannels({ news: channel("news").signal("news.published") });
const news = signal(channels.news({}), "news.published");

let database: LogDatabase;
let session: RelaySession;
let rings = 0;
beforeAll(async () => {
  database = await createLogDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  session = await relayLog.open({
    rang: () => {
      rings += 1;
    },
    closed: () => {},
  });
  rings = 0; // opening tries the bell once
});
afterEach(() => session.close());

const publish = () =>
  database.writer.begin((tx) =>
    createSignalLog({ sql: port(database.reader) }).append(port(tx), [news]),
  );
/** A statement of the listening session: every ring before it has been heard when it is answered. */
const hearOut = () => session.lead();

test("a writer rings the doorbell only while the relay sleeps", async () => {
  await publish();
  await hearOut();
  expect(rings).toBe(0);
  await session.sleep(60_000);
  await publish();
  await vi.waitFor(() => expect(rings).toBe(1));
  await session.wake();
  await publish();
  await hearOut();
  expect(rings).toBe(1);
});

test("the switch is seen as it is now, by transactions that began before it was turned", async () => {
  for (const level of ["read committed", "repeatable read", "serializable"]) {
    rings = 0;
    await session.wake();
    await database.writer.begin(`isolation level ${level}`, async (tx) => {
      await tx`select pg_current_snapshot()`;
      await session.sleep(60_000);
      await createSignalLog({ sql: port(tx) }).append(port(tx), [news]);
    });
    await vi.waitFor(() => expect(rings).toBe(1));
  }
});

test("a relay that died asleep does not make writers ring for long: the switch turns itself off", async () => {
  await vi.waitFor(async () => {
    // The reader of the test before may still be on its way out, and what it set with it.
    await session.wake();
    await session.sleep(1);
    await database.reader`select pg_sleep(0.005)`;
    rings = 0;
    await publish();
    await hearOut();
    expect(rings).toBe(0);
  });
});

test("after going to sleep the relay is not at rest before all who may not have seen it are done", async () => {
  const position = (await session.lead()) ?? "";
  let last = position;
  const quiet = async () => {
    const page = await session.read(last);
    last = page.position;
    return page.quiet;
  };
  expect(await quiet()).toBe(false);
  await database.writer.begin(async (tx) => {
    await createSignalLog({ sql: port(tx) }).append(port(tx), [news]);
    await session.sleep(60_000);
    expect(await quiet()).toBe(false);
  });
  // Transactions of other databases in the cluster count as well.
  await vi.waitFor(async () => expect(await quiet()).toBe(true));
});

test("one relay leads; another takes over where it saved, as soon as its session ends", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  const second = await relayLog.open({ rang: () => {}, closed: () => {} });
  try {
    const position = (await session.lead()) ?? "";
    expect(position).not.toBe("");
    expect(await second.lead()).toBeUndefined();
    const page = await session.read(position);
    await session.save(page.position, {
      since: position,
      signals: 1,
      withheld: 0,
      frames: 1,
      attempts: 1,
      tookMs: 0,
    });
    await session.close();
    await vi.waitFor(async () => expect(await second.lead()).toBe(page.position));
  } finally {
    await second.close();
  }
});

test("a session tells when its connection is gone, and does nothing on another one", async () => {
  let closed = 0;
  const doomed = await createRelayLog({ open: postgresJs(database.readerUrl) }).open({
    rang: () => {},
    closed: () => {
      closed += 1;
    },
  });
  await doomed.lead();
  await database.owner`
    select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'log_test_reader' and pid in (select pid from pg_locks where locktype = 'advisory')
      and datname = current_database()`;
  await vi.waitFor(() => expect(closed).toBe(1));
  await expect(doomed.lead()).rejects.toThrow("closed");
  await doomed.close();
});

test("E9 one reader that wakes up does not silence the bell of another that sleeps", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  let others = 0;
  const second = await relayLog.open({
    rang: () => {
      others += 1;
    },
    closed: () => {},
  });
  try {
    await session.sleep(60_000);
    await second.sleep(60_000);
    await second.sleep(60_000); // as it does every other second
    [rings, others] = [0, 0];
    await second.wake();
    await publish();
    await vi.waitFor(() => expect(rings).toBe(1));
    await session.wake();
    await publish();
    await hearOut();
    expect(rings).toBe(1);

    // The other way round, and a reader that dies in its sleep keeps nobody awake.
    await second.sleep(60_000);
    await session.sleep(60_000);
    await session.wake();
    await publish();
    await vi.waitFor(() => expect(others).toBeGreaterThan(0));
    await session.sleep(60_000);
  } finally {
    await second.close();
  }
  await vi.waitFor(async () => {
    await session.sleep(60_000);
    await session.wake();
    rings = 0;
    await publish();
    await hearOut();
    expect(rings).toBe(0);
  });
});

test("E9 readers that fall asleep and wake up all the time never leave a sleeper unheard", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  const restless = await Promise.all(
    Array.from({ length: 4 }, () => relayLog.open({ rang: () => {}, closed: () => {} })),
  );
  await session.sleep(60_000);
  let isOver = false;
  const turning = restless.map(async (each) => {
    while (!isOver) {
      await each.sleep(60_000);
      await each.wake();
    }
  });
  try {
    for (let round = 0; round < 100; round += 1) {
      rings = 0;
      await publish();
      await vi.waitFor(() => expect(rings).toBe(1));
    }
  } finally {
    isOver = true;
    await Promise.all(turning);
    await Promise.all(restless.map((each) => each.close()));
  }
});
