import { channel, defineChannels, ids, limits, signal } from "querycast";
import { createSignalLog, migrateLog } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createLogDatabase,
  failureOf,
  type LogDatabase,
  port,
} from "../../support/database/log-database.ts";
import { channelAttacks } from "../../support/hostile/channel-attacks.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});
let database: LogDatabase;
beforeAll(async () => {
  database = await createLogDatabase();
});
afterAll(() => database.close());

let rooms = 0;
/** A channel that no other test uses. */
const newRoom = () => channels.room({ roomId: `r${++rooms}` });
const logAs = (sql: LogDatabase["reader"]) => createSignalLog({ sql: port(sql) });
const posted = (room: ReturnType<typeof newRoom>, messageId: number) =>
  signal(room, "message.posted", { messageId });

async function positionNow(name: string): Promise<string> {
  const answers = await logAs(database.reader).since([{ channel: name, position: null }]);
  return answers.get(name)?.position ?? "";
}
async function since(name: string, position: string | null) {
  return (await logAs(database.reader).since([{ channel: name, position }])).get(name);
}
const countRows = async (name: string) =>
  (await database.owner`select from querycast.signals where channel = ${name}`).length;

test("repeated and concurrent migrations change nothing", async () => {
  const before = await database.owner`select version, applied_at from querycast.migrations`;
  await Promise.all([1, 2, 3].map(() => migrateLog(port(database.owner))));
  expect(await database.owner`select version, applied_at from querycast.migrations`).toEqual(
    before,
  );
});

test("L1 S3.2 a signal of a rolled-back transaction never exists", async () => {
  const room = newRoom();
  const start = await positionNow(room.name);
  const undone = database.writer.begin(async (tx) => {
    await logAs(database.writer).append(port(tx), [posted(room, 1)]);
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  expect(await since(room.name, start)).toMatchObject({ status: "upToDate" });
  expect(await countRows(room.name)).toBe(0);
});

test("L2 S3.2 a signal is invisible before its transaction has committed", async () => {
  const room = newRoom();
  const start = await positionNow(room.name);
  await database.writer.begin(async (tx) => {
    await logAs(database.writer).append(port(tx), [posted(room, 1)]);
    expect(await since(room.name, start)).toMatchObject({ status: "upToDate" });
  });
  expect(await since(room.name, start)).toMatchObject({
    status: "replay",
    signals: [{ name: "message.posted", ids: [{ messageId: "1" }] }],
  });
});

test("L3 a late commit is found by a cursor that has passed its position", async () => {
  const room = newRoom();
  const start = await positionNow(room.name);
  let between = "";
  await database.writer.begin(async (slow) => {
    await logAs(database.writer).append(port(slow), [posted(room, 1)]);
    await database.writer.begin((fast) =>
      logAs(database.writer).append(port(fast), [posted(room, 2)]),
    );
    const answer = await since(room.name, start);
    expect(answer).toMatchObject({ status: "replay", signals: [{ ids: [{ messageId: "2" }] }] });
    between = answer?.position ?? "";
  });
  const late = await since(room.name, between);
  expect(late).toMatchObject({ status: "replay", signals: [{ ids: [{ messageId: "1" }] }] });
  expect(await since(room.name, late?.position ?? "")).toMatchObject({ status: "upToDate" });
});

test("one statement reads all channels, each from its own position", async () => {
  const [quiet, busy, unasked] = [newRoom(), newRoom(), newRoom()];
  const start = await positionNow(busy.name);
  const log = logAs(database.writer);
  await database.writer.begin((tx) =>
    log.append(port(tx), [posted(busy, 1), posted(unasked, 2), posted(busy, 3)], { origin: "m1" }),
  );
  const end = await positionNow(busy.name);
  const answers = await logAs(database.reader).since([
    { channel: quiet.name, position: start },
    { channel: busy.name, position: start },
    { channel: unasked.name, position: end },
  ]);
  expect(answers.get(quiet.name)?.status).toBe("upToDate");
  expect(answers.get(unasked.name)?.status).toBe("upToDate");
  expect(answers.get(busy.name)).toMatchObject({
    status: "replay",
    signals: [{ ids: [{ messageId: "1" }, { messageId: "3" }], origin: "m1" }],
  });
  expect(new Set([...answers.values()].map(({ position }) => position)).size).toBe(1);
});

test("a channel with 501 missed signals gets a gap, and its neighbour with 500 gets a replay", async () => {
  const [full, over] = [newRoom(), newRoom()];
  const start = await positionNow(full.name);
  const log = logAs(database.writer);
  const many = (room: typeof full, amount: number) =>
    Array.from({ length: amount }, (_, index) => posted(room, index));
  await database.writer.begin((tx) =>
    log.append(port(tx), [
      ...many(full, limits.replaySignals),
      ...many(over, limits.replaySignals + 1),
    ]),
  );
  expect((await since(full.name, start))?.status).toBe("replay");
  expect((await since(over.name, start))?.status).toBe("gap");
});

test.each([
  [null, "no position"],
  ["", "nothing"],
  ["1:1:", "a snapshot without a log"],
  ["another/10:10:", "a position in another log"],
  ["x'; drop table querycast.signals; --/3:3:", "SQL"],
])("%j is answered with a gap and a good position: it is %s", async (position, _what) => {
  const room = newRoom();
  const answer = await since(room.name, position);
  expect(answer?.status).toBe("gap");
  expect(await since(room.name, answer?.position ?? "")).toMatchObject({ status: "upToDate" });
});

test("C1 a position from the future of a restored log is a gap", async () => {
  const [log] = (await positionNow("room.any")).split("/");
  expect((await since("room.any", `${log}/99999999:99999999:`))?.status).toBe("gap");
});

test("C1 a restored log has a new identity: old positions are gaps", async () => {
  const restored = await createLogDatabase();
  try {
    const theirs = await createSignalLog({ sql: port(restored.reader) }).since([
      { channel: "room.any", position: null },
    ]);
    expect((await since("room.any", theirs.get("room.any")?.position ?? ""))?.status).toBe("gap");
  } finally {
    await restored.close();
  }
});

test("L4 an idempotency key publishes once, sequentially and concurrently", async () => {
  const room = newRoom();
  const log = logAs(database.writer);
  const publish = () =>
    database.writer.begin((tx) =>
      log.append(port(tx), [posted(room, 1), posted(room, 2)], { idempotencyKey: room.name }),
    );
  await Promise.all([publish(), publish(), publish(), publish()]);
  await publish();
  expect(await countRows(room.name)).toBe(2);
});

test("an idempotency key of a rolled-back transaction is free", async () => {
  const room = newRoom();
  const log = logAs(database.writer);
  const publish = (fail: boolean) =>
    database.writer.begin(async (tx) => {
      await log.append(port(tx), [posted(room, 1)], { idempotencyKey: room.name });
      if (fail) throw new Error("no");
    });
  await Promise.allSettled([publish(true), publish(true), publish(false)]);
  expect(await countRows(room.name)).toBe(1);
});

test.each([
  "select * from querycast.signals",
  "insert into querycast.signals (channel, name) values ('room.1', 'topic.changed')",
  "update querycast.signals set name = 'topic.changed'",
  "delete from querycast.signals",
  "truncate querycast.signals",
  "delete from querycast.idempotency_keys",
  "update querycast.access_epochs set epoch = 0",
  "select querycast.prune_signals(0, 10)",
  "select querycast.relay_sleep(0)",
  "drop function querycast.append_signals(json, text, text)",
])("L5 the log is append-only for the application's role: it may not %s", async (statement) => {
  expect(await failureOf(database.writer.unsafe(statement))).toBe("42501");
});

test.each([
  "insert into querycast.signals (channel, name) values ('room.1', 'topic.changed')",
  `select querycast.append_signals('[{"channel":"room.1","name":"topic.changed"}]', null, null)`,
  "select querycast.bump_access_epoch('room.1')",
  "delete from querycast.signals",
])("the role that reads the log cannot write it: it may not %s", async (statement) => {
  expect(await failureOf(database.reader.unsafe(statement))).toBe("42501");
});

const appendRaw = (row: object) =>
  database.writer`select querycast.append_signals(${JSON.stringify([row])}::text::json, null, null)`;

test.each([
  ["a sentence", { messageId: "Hello everybody" }],
  ["a key that names no id", { body: "x" }],
  ["an object", { messageId: { body: "x" } }],
  ["a number that is not text", { messageId: 1 }],
  ["a list", [1]],
  ["an escaped character", { messageId: 'a"b' }],
])("W3 S3.1 the database itself refuses ids that are not ids: %s", async (_what, content) => {
  const row = { channel: "room.1", name: "message.posted", ids: JSON.stringify(content) };
  expect(await failureOf(appendRaw(row))).toBe("23514");
});

test("S3.1 ids of 1 KB are stored, one byte more is refused", async () => {
  const room = newRoom();
  const frame = (bytes: number) => `{"messageId":"${"x".repeat(bytes - 16)}"}`;
  const row = (bytes: number) => ({
    channel: room.name,
    name: "message.posted",
    ids: frame(bytes),
  });
  expect(row(1024).ids).toHaveLength(1024);
  expect(await failureOf(appendRaw(row(1024)))).toBe("no error");
  expect(await failureOf(appendRaw(row(1025)))).toBe("23514");
  expect(await failureOf(appendRaw({ ...row(1024), ids: "x".repeat(1_000_000) }))).toBe("23514");
});

test.each([
  ["one byte more than 1 KB", `{"messageId":"${"x".repeat(1009)}"}`],
  ["10 KB", `{"messageId":"${"x".repeat(10_000)}"}`],
  ["1 MB", `{"messageId":"${"x".repeat(1_000_000)}"}`],
  ["1 KB of characters, 2 KB of bytes", `{"messageId":"${"é".repeat(1008)}"}`],
  ["1 KB of bytes with one character of two at the end", `{"messageId":"${"x".repeat(1006)}é"}`],
])(
  "L1 W3 ids of %s are refused before the commit, and the transaction writes nothing",
  async (_what, content) => {
    const room = newRoom();
    const writing = database.writer.begin(async (tx) => {
      await tx`insert into articles values (${room.name}, 'ada', true)`;
      const row = { channel: room.name, name: "message.posted", ids: content };
      await tx`select querycast.append_signals(${JSON.stringify([row])}::text::json, null, null)`;
    });
    expect(await failureOf(writing)).toBe("23514");
    expect(await countRows(room.name)).toBe(0);
    expect(await database.owner`select from articles where id = ${room.name}`).toHaveLength(0);
  },
);

/** Names that the contract refuses and the log accepts: valid grammar, but unknown kinds. */
const otherKinds = /^[a-z][a-z0-9-]*(\.[A-Za-z0-9_=@,;-]+)*$/;

test.each(channelAttacks.filter((name) => !otherKinds.test(name)))(
  "W1 the database refuses the channel %j",
  async (name) => {
    // Postgres refuses statements with NUL; the constraint refuses everything else.
    expect(await failureOf(appendRaw({ channel: name, name: "topic.changed" }))).toMatch(
      /^(23514|22P05)$/,
    );
  },
);

test("access epochs start at 0, and the transaction that removes a right increases them", async () => {
  const [open, closed] = [newRoom(), newRoom()];
  const log = logAs(database.writer);
  const epochs = () => logAs(database.reader).accessEpochs([open.name, closed.name]);
  await database.writer.begin(async (tx) => {
    await log.bumpAccessEpoch(port(tx), closed);
    expect([...(await epochs()).values()]).toEqual([0, 0]);
  });
  expect([...(await epochs()).values()]).toEqual([0, 1]);
});

test("pruning keeps recent and undelivered signals, and positions below removed ones become gaps", async () => {
  const own = await createLogDatabase();
  try {
    const log = createSignalLog({ sql: port(own.reader) });
    const room = newRoom();
    const at = async (position: string | null) =>
      (await log.since([{ channel: room.name, position }])).get(room.name);
    const start = (await at(null))?.position ?? "";
    const append = () => own.writer.begin((tx) => log.append(port(tx), [posted(room, 1)]));
    const prune = async (maxAgeMs: number) =>
      Number((await own.reader`select querycast.prune_signals(${maxAgeMs}, 100) as n`)[0]?.n);
    await append();
    expect(await prune(0)).toBe(0);
    await own.reader`update querycast.relay set position = pg_current_snapshot()::text`;
    expect(await prune(60_000)).toBe(0);
    expect(await prune(0)).toBe(1);
    expect((await at(start))?.status).toBe("gap");
    const after = (await at(null))?.position ?? "";
    await append();
    expect((await at(after))?.status).toBe("replay");
  } finally {
    await own.close();
  }
});
