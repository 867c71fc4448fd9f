import { channel, defineChannels, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createRelayLog, createSignalLog, type RelaySession } from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

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
    notified: () => {
      rings += 1;
    },
    closed: () => {},
  });
  rings = 0; // opening tests the wake signal once
});
afterEach(() => session.close());

const publish = () =>
  database.writer.begin((tx) =>
    createSignalLog({ sql: port(database.reader) }).append(port(tx), [news]),
  );
/** A query of the listening session: earlier notifications have arrived when it is answered. */
const hearOut = () => session.lead();

test("a writer sends the wake signal only while the relay sleeps", async () => {
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

test("transactions that began earlier see the current state of the switch", async () => {
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

test("a relay that died while sleeping leaves the switch on for a limited time only", async () => {
  await vi.waitFor(async () => {
    // The reader of the previous test may still be closing, with its switch set.
    await session.wake();
    await session.sleep(1);
    await database.reader`select pg_sleep(0.005)`;
    rings = 0;
    await publish();
    await hearOut();
    expect(rings).toBe(0);
  });
});

test("a relay that goes to sleep is not at rest before all transactions that may have missed it have ended", async () => {
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
  // Transactions of other databases in the cluster count, too.
  await vi.waitFor(async () => expect(await quiet()).toBe(true));
});

test("one relay leads, and another one takes over from the saved position when its session ends", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  const second = await relayLog.open({ notified: () => {}, closed: () => {} });
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

test("a session reports the loss of its connection, and uses no other one", async () => {
  let closed = 0;
  const doomed = await createRelayLog({ open: postgresJs(database.readerUrl) }).open({
    notified: () => {},
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

test("E9 a reader that wakes up does not turn off the wake signal of another sleeping reader", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  let others = 0;
  const second = await relayLog.open({
    notified: () => {
      others += 1;
    },
    closed: () => {},
  });
  try {
    await session.sleep(60_000);
    await second.sleep(60_000);
    await second.sleep(60_000); // as every two seconds
    [rings, others] = [0, 0];
    await second.wake();
    await publish();
    await vi.waitFor(() => expect(rings).toBe(1));
    await session.wake();
    await publish();
    await hearOut();
    expect(rings).toBe(1);

    // The reverse order: a reader that dies while sleeping leaves no switch on.
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

test("E9 readers that fall asleep and wake up all the time never miss a wake signal", async () => {
  const relayLog = createRelayLog({ open: postgresJs(database.readerUrl) });
  const restless = await Promise.all(
    Array.from({ length: 4 }, () => relayLog.open({ notified: () => {}, closed: () => {} })),
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
