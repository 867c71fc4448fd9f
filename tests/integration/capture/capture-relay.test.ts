import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { createQueryBridge, createRealtimeClient, live, type Signal } from "querycast";
import { captureSql, captureTable } from "querycast/drizzle";
import { originOf, setOrigin } from "querycast/server";
import { conformanceChannels } from "querycast/testing";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createServiceRole } from "../../support/database/capture-database.ts";
import { port } from "../../support/database/log-database.ts";
import { isCi } from "../../support/runner/environment.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const messages = pgTable("messages", {
  id: uuid("id").primaryKey(),
  roomId: text("room_id").notNull(),
  status: text("status").notNull(),
});
const topics = pgTable("topics", { roomId: text("room_id").primaryKey(), title: text("title") });
const captures = [
  captureTable(messages, {
    on: { insert: "message.posted", update: "message.posted", delete: "message.posted" },
    channel: conformanceChannels.room,
    params: { roomId: messages.roomId },
    ids: { messageId: messages.id },
  }),
  captureTable(topics, {
    on: { insert: "topic.changed", update: "topic.changed" },
    channel: conformanceChannels.room,
    params: { roomId: topics.roomId },
  }),
];

let stack: Awaited<ReturnType<typeof createSoketiStack>>;
let ownerUrl: string;
beforeAll(async () => {
  stack = await createSoketiStack();
  const { owner } = stack.database;
  const { host, port: dbPort, user, pass, database } = owner.options;
  ownerUrl = `postgres://${user}:${pass}@${host[0]}:${dbPort[0]}/${database}`;
  await owner.unsafe(`
    create table messages (id uuid primary key default gen_random_uuid(), room_id text not null,
      status text not null default 'draft');
    create table topics (room_id text primary key, title text);
    grant select, insert, update, delete on messages, topics to log_test_writer`);
  for (const statement of captureSql(captures)) await owner.unsafe(statement);
});
afterAll(() => stack.close());

/** A page that is live on a new room. */
async function openPage() {
  const room = await stack.newRoom();
  const client = createRealtimeClient({
    channels: conformanceChannels,
    transport: stack.transport(),
    fetch: stack.fetch({ id: "reader" }),
  });
  onTestFinished(() => client.close());
  const signals: Signal[] = [];
  client.subscribe(room, {
    signal: (signal) => {
      signals.push(signal);
    },
    gap: () => {},
  });
  await stack.until("it is live", () => client.channelState(room.name).status === "live");
  const { roomId = "" } = room.params;
  const received = () =>
    signals.flatMap(({ name, ids }) => (ids ?? [{}]).map((each) => [name, each]));
  return { client, room, roomId, signals, received };
}

/** The script as `psql` sends it: by the simple query protocol, one message with all statements. */
async function runByPsql(script: string): Promise<void> {
  try {
    await promisify(execFile)("psql", ["--no-psqlrc", "--command", script, ownerUrl]);
  } catch (error) {
    // On a developer's machine without psql, a separate connection sends the same message. CI installs psql.
    if ((error as { code?: unknown }).code !== "ENOENT" || isCi) throw error;
    await runBySimpleQuery(script);
  }
}

async function runBySimpleQuery(script: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(script).simple();
  } finally {
    await sql.end();
  }
}

test.each([
  ["psql", runByPsql],
  ["the simple query protocol", runBySimpleQuery],
])(
  "S1.1 S1.15 a change made by %s arrives at an open page, with names and ids only",
  async (_what, run) => {
    const { roomId, signals } = await openPage();
    const id = randomUUID();
    await run(`insert into messages (id, room_id, status) values ('${id}', '${roomId}', 'secret text');
    update messages set status = 'another secret' where id = '${id}';
    insert into topics values ('${roomId}', 'a secret title');`);
    await vi.waitFor(() => expect(new Set(signals.map(({ name }) => name)).size).toBe(2), 10_000);
    expect(signals.flatMap(({ ids }) => ids ?? [])).toContainEqual({ messageId: id });
    expect(JSON.stringify(signals)).not.toContain("secret");
  },
);

test("S1.1 rows of COPY arrive at an open page", async () => {
  const { roomId, received } = await openPage();
  const ids = Array.from({ length: 5 }, () => randomUUID());
  const sql = postgres(ownerUrl, { max: 1 });
  onTestFinished(() => sql.end());
  const copy = await sql`copy messages (id, room_id) from stdin`.writable();
  const done = once(copy, "finish");
  copy.end(ids.map((id) => `${id}\t${roomId}\n`).join(""));
  await done;
  await vi.waitFor(
    () =>
      expect(new Set(received().map(([, each]) => JSON.stringify(each)))).toEqual(
        new Set(ids.map((messageId) => JSON.stringify({ messageId }))),
      ),
    10_000,
  );
});

test("S1.1 a change by another service arrives, whose role has no right on the log", async () => {
  const { roomId, received } = await openPage();
  const serviceUrl = await createServiceRole(stack.database, "messages");
  const service = postgres(serviceUrl, { max: 1, onnotice: () => {} });
  onTestFinished(() => service.end());
  const [row] = await service<{ id: string }[]>`
    insert into messages (room_id) values (${roomId}) returning id`;
  for (const use of [
    service`select from querycast.signals`,
    service`insert into querycast.signals (name, channel) values ('a.b', 'room.1')`,
    service`select querycast.append_signals('[]')`,
    service`select querycast.append_captured(0, 'a.b', 'room.1', null, 1)`,
  ]) {
    await expect(use).rejects.toThrow("permission denied for schema querycast");
  }
  await vi.waitFor(
    () => expect(received()).toEqual([["message.posted", { messageId: row?.id }]]),
    10_000,
  );
});

test("S1.2 a change arrives after its commit, and one that is rolled back never does", async () => {
  const { roomId, received } = await openPage();
  const { writer } = stack.database;
  const undone = writer.begin(async (tx) => {
    await tx`insert into messages (room_id) values (${roomId})`;
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  const kept = randomUUID();
  await writer.begin(async (tx) => {
    await tx`insert into messages (id, room_id) values (${kept}, ${roomId})`;
    // Another transaction is delivered while this one is open.
    const other = await openPage();
    await writer`insert into topics values (${other.roomId}, 'open')`;
    await vi.waitFor(() => expect(other.received()).toEqual([["topic.changed", {}]]), 10_000);
    expect(received()).toEqual([]);
  });
  await vi.waitFor(
    () => expect(received()).toEqual([["message.posted", { messageId: kept }]]),
    10_000,
  );
});

test("the tab that wrote recognises a signal of a trigger by its origin", async () => {
  const { roomId, signals } = await openPage();
  const published = await originOf("0123456789abcdef0123456789abcdef");
  await stack.database.writer.begin(async (tx) => {
    await setOrigin(port(tx), published);
    await tx`insert into messages (room_id) values (${roomId})`;
  });
  await vi.waitFor(() => expect(signals.map(({ origin }) => origin)).toEqual([published]), 10_000);
});

test("S1.11 signals of nested triggers arrive in surprising order, and the page ends right by reading again", async () => {
  const { owner, writer } = stack.database;
  await owner.unsafe(`
    create function advance() returns trigger language plpgsql as $$
    begin
      update topics set title = new.status where room_id = new.room_id;
      if new.status = 'submitted' then
        update messages set status = 'approved' where id = new.id;
      end if;
      return null;
    end $$;
    create trigger advance after insert or update on messages for each row execute function advance()`);
  onTestFinished(async () => {
    await owner`drop function advance cascade`;
  });
  const { client, room, roomId, signals } = await openPage();
  await writer`insert into topics values (${roomId}, 'none')`;
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const bridge = createQueryBridge({ client, queryClient });
  const states: string[] = [];
  const options = live(
    {
      queryKey: ["state", roomId],
      queryFn: async () => {
        const rows = await writer<{ state: string }[]>`
          select concat_ws(' ', title, status) as state from topics
          left join messages using (room_id) where room_id = ${roomId}`;
        return rows[0]?.state ?? "";
      },
    },
    [room],
  );
  const detach = bridge.attach();
  const leave = new QueryObserver(queryClient, options).subscribe(({ data }) => {
    if (data !== undefined) states.push(data);
  });
  onTestFinished(() => {
    leave();
    detach();
    queryClient.clear();
  });
  await vi.waitFor(() => expect(states.at(-1)).toBe("none"), 10_000);
  signals.length = 0;
  await writer`insert into messages (room_id, status) values (${roomId}, 'submitted')`;
  const order = await owner<{ name: string }[]>`
    select name from querycast.signals where channel = ${room.name}
    and xid = (select max(xid) from querycast.signals where channel = ${room.name}) order by position`;
  // The signal of the first statement, the insert, is the last one.
  expect(order.map(({ name }) => name)).toEqual([
    "topic.changed",
    "topic.changed",
    "message.posted",
    "message.posted",
  ]);
  await vi.waitFor(() => expect(states.at(-1)).toBe("approved approved"), 10_000);
});
