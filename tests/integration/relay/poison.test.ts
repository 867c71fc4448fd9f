import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPoisonedSignals,
  createRelay,
  createRelayLog,
  createSignalLog,
  type RelayEvent,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import {
  createPusherBroker,
  type PusherBroker,
  type PusherBrokerOptions,
} from "../../../src/realtime/transports/pusher/server.ts";
import { type Listener, listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  kept: channel("kept.{roomId}").signal("message.posted", ids("messageId")),
});
const newRoom = () => channels.kept({ roomId: randomUUID() });
type Room = ReturnType<typeof newRoom>;

let broker: PusherBroker;
let database: LogDatabase;
let listener: Listener;
const closers: (() => unknown)[] = [];
beforeAll(() => {
  broker = createPusherBroker({ ...sharedSoketi(), tls: false });
});
beforeEach(async () => {
  database = await createLogDatabase();
  // A log without its check constraints: it contains signals that they would have refused.
  for (const domain of ["channel_name", "signal_name", "signal_ids"]) {
    await database.owner.unsafe(`alter domain querycast.${domain} drop constraint ${domain}_check`);
  }
  listener = listen(sharedSoketi(), broker);
});
afterEach(async () => {
  listener.close();
  for (const close of closers.splice(0).reverse()) await close();
  await database.close();
});
afterAll(() => broker.close());

function startRelay(target: Partial<PusherBrokerOptions> = {}, random = 0.9) {
  const events: RelayEvent[] = [];
  const own = createPusherBroker({ ...sharedSoketi(), tls: false, ...target });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl) }),
    broker: own,
    random: () => random,
    onEvent: (event) => events.push(event),
  });
  relay.start();
  closers.push(async () => {
    await relay.stop();
    own.close();
  });
  return { relay, events };
}
const log = () => createSignalLog({ sql: port(database.reader) });
const write = (room: Room, messageId: number) =>
  database.writer.begin((tx) =>
    log().append(port(tx), [signal(room, "message.posted", { messageId })]),
  );
const insert = (row: { channel: string; name: string; ids?: string }) =>
  database.owner`
    insert into querycast.signals (channel, name, ids)
    values (${row.channel}, ${row.name}, ${row.ids ?? null})`;
const wire = (room: Room) => `private-${room.name}.e0`;
const received = (room: Room) => listener.frames.filter((frame) => frame.channel === wire(room));
const messages = (room: Room) =>
  received(room).flatMap(({ data }) =>
    ((data as { ids?: { messageId: string }[] }).ids ?? []).map(({ messageId }) => messageId),
  );
const poisoned = () => createPoisonedSignals({ sql: port(database.owner) });

test("R5 a signal that the broker refuses is set aside after five attempts, and later ones follow within 10 s", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  await write(room, 1);
  await insert({ channel: "not a channel", name: "message.posted", ids: '{"messageId":"9"}' });
  await write(room, 2);
  const startedAtMs = Date.now();
  const { relay, events } = startRelay();
  await vi.waitFor(() => expect([...new Set(messages(room))]).toEqual(["1", "2"]));
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain("set-aside"), {
    timeout: 10_000,
  });
  await write(room, 3);
  await vi.waitFor(() => expect(messages(room)).toContain("3"));
  expect(Date.now() - startedAtMs).toBeLessThan(10_000);
  // The frame arrives before the broker's response.
  await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "leading", backlog: 0 }));
  expect(await poisoned().list()).toEqual([
    {
      position: expect.stringMatching(/^\d+$/),
      channel: "not a channel",
      name: "message.posted",
      ids: '{"messageId":"9"}',
      reason: expect.stringContaining("A channel name consists of"),
      attempts: 5,
      writtenAt: expect.any(Date),
      setAsideAt: expect.any(Date),
    },
  ]);
});

test("R5 subscribers of a channel get an invalidation of everything when one of its signals is set aside", async () => {
  const [room, other] = [newRoom(), newRoom()];
  for (const each of [room, other]) await listener.join(wire(each));
  await insert({ channel: room.name, name: "not an event", ids: '{"messageId":"9"}' });
  await write(other, 1);
  startRelay();
  await vi.waitFor(() => expect(received(room)).toHaveLength(1), { timeout: 10_000 });
  expect(received(room)).toEqual([
    { channel: wire(room), name: "querycast.changed", data: { v: 1, id: expect.any(String) } },
  ]);
  expect(new Set(messages(other))).toEqual(new Set(["1"]));
});

test("R5 forty bad signals among a thousand neither delay nor lose the good ones", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  await database.owner`
    insert into querycast.signals (channel, name, ids)
    select case when n % 25 = 0 then 'bad channel ' || n
      when n = 999 then ${room.name} else 'kept.r' || n end, 'message.posted', '{"messageId":"1"}'
    from generate_series(1, 1000) n`;
  const { events } = startRelay();
  await vi.waitFor(() => expect(messages(room)).toContain("1"));
  await vi.waitFor(() => expect(events.some(({ type }) => type === "set-aside")).toBe(true), {
    timeout: 10_000,
  });
  expect(await poisoned().list()).toHaveLength(40);
});

test.each<[string, () => Promise<Partial<PusherBrokerOptions>>]>([
  ["is down", async () => ({ port: await freePort() })],
  ["does not know the secret", async () => ({ secret: "another" })],
  ["does not know the app", async () => ({ appId: "another" })],
])("R5 nothing is set aside because the broker %s", async (_what, target) => {
  await write(newRoom(), 1);
  await insert({ channel: "not a channel", name: "message.posted" });
  const { relay } = startRelay(await target(), 0.001);
  await vi.waitFor(() => expect(relay.health().attempts).toBeGreaterThan(10), { timeout: 10_000 });
  expect(relay.health().state).toBe("blocked");
  expect(await poisoned().list()).toEqual([]);
});

test("R5 a broker that refuses every request sets no signal aside", async () => {
  await write(newRoom(), 1);
  const content = Object.assign(new Error("no"), { blame: "content" });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl) }),
    broker: { ...broker, publish: () => Promise.reject(content) },
    random: () => 0.001,
  });
  relay.start();
  closers.push(relay.stop);
  await vi.waitFor(() => expect(relay.health().attempts).toBeGreaterThan(10));
  expect(relay.health().state).toBe("blocked");
  expect(await poisoned().list()).toEqual([]);
});

test("R5 an operator can retry a signal after the cause is fixed, or drop it", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  await insert({ channel: room.name, name: "not an event", ids: '{"messageId":"7"}' });
  await insert({ channel: "not a channel", name: "message.posted" });
  startRelay();
  await vi.waitFor(async () => expect(await poisoned().list()).toHaveLength(2), {
    timeout: 10_000,
  });
  const [second, first] = await poisoned().list();
  await database.owner`
    update querycast.poisoned set name = 'message.posted' where position = ${first?.position ?? ""}`;
  expect(await poisoned().retry(first?.position ?? "")).toBe(true);
  await vi.waitFor(() => expect(messages(room)).toEqual(["7"]));
  expect(await poisoned().drop(second?.position ?? "")).toBe(true);
  expect(await poisoned().drop(second?.position ?? "")).toBe(false);
  expect(await poisoned().retry(second?.position ?? "")).toBe(false);
  expect(await poisoned().list()).toEqual([]);
});

test("R5 a retry that the log refuses keeps the signal", async () => {
  await insert({ channel: "not a channel", name: "message.posted" });
  startRelay();
  await vi.waitFor(async () => expect(await poisoned().list()).toHaveLength(1), {
    timeout: 10_000,
  });
  await database.owner.unsafe(
    "alter domain querycast.channel_name add constraint channel_name_check check (value ~ '^[a-z.]+$') not valid",
  );
  const [bad] = await poisoned().list();
  await expect(poisoned().retry(bad?.position ?? "")).rejects.toMatchObject({ code: "23514" });
  expect(await poisoned().list()).toHaveLength(1);
});

test("W5 unreadable ids invalidate everything, when relayed and when replayed", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  const before = (await log().since([{ channel: room.name, position: null }])).get(room.name);
  await insert({ channel: room.name, name: "message.posted", ids: "not JSON" });
  startRelay();
  await vi.waitFor(() => expect(received(room)).toHaveLength(1));
  expect(received(room)[0]?.data).not.toHaveProperty("ids");
  const position = before?.position ?? "";
  const after = (await log().since([{ channel: room.name, position }])).get(room.name);
  expect(after).toMatchObject({
    status: "replay",
    signals: [{ name: "message.posted", ids: undefined }],
  });
});
