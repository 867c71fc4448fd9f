import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createPublisher,
  createRelay,
  createRelayLog,
  createRollout,
  createSignalInspector,
  createSignalLog,
  type Relay,
  type RelayEvent,
  type Rollout,
} from "querycast/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import {
  createPusherBroker,
  type PusherBroker,
} from "../../../src/realtime/transports/pusher/server.ts";
import { type Frame, type Listener, listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi, startOwnSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  relayed: channel("relayed.{roomId}")
    .signal("message.posted", ids("messageId"))
    .signal("topic.changed"),
});
let database: LogDatabase;
let broker: PusherBroker;
let listener: Listener;
const open: { stop: () => Promise<void> }[] = [];
beforeAll(async () => {
  database = await createLogDatabase();
  broker = createPusherBroker({ ...sharedSoketi(), tls: false });
});
beforeEach(() => {
  listener = listen(sharedSoketi(), broker);
});
afterEach(async () => {
  listener.close();
  for (const part of open.splice(0).reverse()) await part.stop();
});
afterAll(async () => {
  broker.close();
  await database.close();
});

function startRelay(options: { broker?: PusherBroker; rollout?: Rollout } = {}) {
  const events: RelayEvent[] = [];
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl), pageRows: 100 }),
    broker: options.broker ?? broker,
    random: () => 0.2,
    onEvent: (event) => events.push(event),
    ...(options.rollout && { rollout: options.rollout }),
  });
  relay.start();
  open.push(relay);
  return { relay, events };
}

const newRoom = () => channels.relayed({ roomId: randomUUID() });
type Room = ReturnType<typeof newRoom>;
const wire = (room: Room, epoch = 0) => `private-${room.name}.e${epoch}`;
const log = () => createSignalLog({ sql: port(database.reader) });
const { publish } = createPublisher({
  channels,
  // Publishing runs only in the given transaction.
  log: createSignalLog({ sql: () => Promise.reject(new Error("outside of the transaction")) }),
});
const write = (...signals: ReturnType<typeof signal>[]) =>
  database.writer.begin((tx) => publish(signals, { tx: port(tx) }));
const posted = (room: Room, messageId: string | number) =>
  signal(room, "message.posted", { messageId });
const messages = (frames: readonly Frame[]) =>
  frames.flatMap(({ data }) =>
    ((data as { ids?: { messageId: string }[] }).ids ?? []).map(({ messageId }) => messageId),
  );
const hears = (room: Room, expected: string[], timeout = 8000) =>
  vi.waitFor(
    () =>
      expect(messages(listener.frames.filter((frame) => frame.channel === wire(room)))).toEqual(
        expected,
      ),
    { timeout },
  );
const leads = (relay: Relay) => vi.waitFor(() => expect(relay.health().state).toBe("leading"));

test("W3 S3.1 a frame contains only a name and ids", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  startRelay();
  await database.writer.begin((tx) =>
    publish(posted(room, "m7"), { tx: port(tx), origin: "mutation-1" }),
  );
  await hears(room, ["m7"]);
  expect(listener.frames).toEqual([
    {
      channel: wire(room),
      name: "message.posted",
      data: {
        v: 1,
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        origin: "mutation-1",
        ids: [{ messageId: "m7" }],
      },
    },
  ]);
});

test("L2 S3.2 a signal arrives after its commit, and none of a rolled-back transaction", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  await leads(startRelay().relay);
  const undone = database.writer.begin(async (tx) => {
    await publish(posted(room, "undone"), { tx: port(tx) });
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  await database.writer.begin(async (slow) => {
    await publish(posted(room, "slow"), { tx: port(slow) });
    await write(posted(room, "fast"));
    await hears(room, ["fast"]);
  });
  await hears(room, ["fast", "slow"]);
});

test("a burst to one channel is merged into few frames with all ids", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  const { relay } = startRelay();
  await leads(relay);
  const all = Array.from({ length: 20 }, (_, index) => String(index));
  await write(...all.map((messageId) => posted(room, messageId)), signal(room, "topic.changed"));
  await hears(room, all);
  expect(listener.frames.map(({ name }) => name)).toEqual(["message.posted", "topic.changed"]);
});

test("V1 after a revocation signals use only the new wire name", async () => {
  const room = newRoom();
  const witness = newRoom();
  for (const name of [wire(room), wire(room, 1), wire(witness)]) await listener.join(name);
  startRelay();
  await write(posted(room, "before"));
  await hears(room, ["before"]);
  await database.writer.begin(async (tx) => {
    await log().bumpAccessEpoch(port(tx), room);
    await publish([posted(room, "after"), posted(witness, "same-time")], { tx: port(tx) });
  });
  await hears(witness, ["same-time"]);
  const channelsOf = (id: string) =>
    listener.frames.filter(({ data }) => JSON.stringify(data).includes(id)).map((f) => f.channel);
  await vi.waitFor(() => expect(channelsOf("after")).toEqual([wire(room, 1)]));
});

test("R1 R3 with the broker down a write succeeds, and its signal is delivered in order afterwards", async () => {
  const brokerPort = await freePort();
  const own = { ...sharedSoketi(), port: brokerPort };
  const ownBroker = createPusherBroker({ ...own, tls: false });
  const { relay, events } = startRelay({ broker: ownBroker });
  await leads(relay);
  const rooms = [newRoom(), newRoom(), newRoom()];
  const all = Array.from({ length: 40 }, (_, index) => String(index)); // the maximum number of ids in one frame
  for (const messageId of all) await write(...rooms.map((room) => posted(room, messageId)));
  await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "blocked" }));
  expect(relay.health().backlog).toBeGreaterThan(0);
  expect(relay.health().lagMs).toBeGreaterThan(0);
  expect(events.some(({ type }) => type === "published")).toBe(false);

  // The next broker starts without subscriptions: join before the relay's next attempt.
  await relay.stop();
  const soketi = await startOwnSoketi({ port: brokerPort });
  open.push(soketi);
  listener.close();
  listener = listen(own, ownBroker);
  for (const room of rooms) await listener.join(wire(room));
  const second = startRelay({ broker: ownBroker });
  for (const room of rooms) await hears(room, all);
  await vi.waitFor(() => expect(second.relay.health()).toMatchObject({ backlog: 0, attempts: 0 }));
  ownBroker.close();
});

test("R1 a broker that dies and restarts gets the missed signals from the same relay", async () => {
  const soketi = await startOwnSoketi();
  const ownBroker = createPusherBroker({ ...soketi, tls: false });
  const { relay } = startRelay({ broker: ownBroker });
  await leads(relay);
  await soketi.kill();
  const room = newRoom();
  await write(posted(room, 1));
  await write(posted(room, 2));
  await vi.waitFor(() => expect(relay.health().state).toBe("blocked"));
  open.push(await startOwnSoketi({ port: soketi.port }));
  await vi.waitFor(() => expect(relay.health()).toMatchObject({ state: "leading", backlog: 0 }), {
    timeout: 12_000,
  });
  expect(relay.health().attempts).toBe(0);
  ownBroker.close();
});

test("a relay whose database connection is cut leads again without loss", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  const { relay, events } = startRelay();
  await leads(relay);
  for (const round of ["1", "2", "3"]) {
    await database.owner`
      select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and datname = current_database()`;
    await write(posted(room, round));
    await vi.waitFor(() => expect(messages(listener.frames)).toContain(round), { timeout: 8000 });
  }
  expect(events.filter(({ type }) => type === "database-failed").length).toBeGreaterThan(0);
  expect(new Set(messages(listener.frames))).toEqual(new Set(["1", "2", "3"]));
});

test("R11 signals that wait for a rate limit when a relay ends are published by the next one, in order, with a known page each", async () => {
  const [room, other] = [newRoom(), newRoom()];
  await listener.join(wire(room));
  await listener.join(wire(other));
  const options = { relayed: { framesPerSecond: 1 } };
  const limited = createRollout({ channels, read: async () => ({ options }) });
  const { relay } = startRelay({ rollout: limited });
  await leads(relay);
  await write(posted(room, 1));
  await hears(room, ["1"]);
  await write(posted(room, 2));
  // The second name waits for a second, during which the relay ends.
  await write(posted(room, 3), signal(room, "topic.changed"), posted(other, "beside"));
  await hears(other, ["beside"]);
  await relay.stop();
  const { relay: next, events } = startRelay();
  await vi.waitFor(() => {
    const received = messages(listener.frames.filter((frame) => frame.channel === wire(room)));
    expect(received.at(-1)).toBe("3");
    expect([...new Set(received)]).toEqual(["1", "2", "3"]);
    expect(listener.frames.map(({ name }) => name)).toContain("topic.changed");
  });
  await leads(next);
  await vi.waitFor(() => expect(events.some(({ type }) => type === "published")).toBe(true));
  const inspector = createSignalInspector({ sql: port(database.reader) });
  const signals = await inspector.list({ channel: room.name });
  expect(signals).toHaveLength(4);
  for (const { id } of signals) {
    await vi.waitFor(async () => {
      const traced = await inspector.trace({ id, channel: room.name });
      expect(traced).toMatchObject({ status: "relayed", page: { withheld: 0 } });
    });
  }
});

test("one of two relays works, and the other takes over when it stops", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  const first = startRelay();
  await leads(first.relay);
  const second = startRelay();
  await vi.waitFor(() => expect(second.relay.health().state).toBe("standby"));
  await write(posted(room, 1));
  await hears(room, ["1"]);
  expect(second.relay.health().published).toBe(0);
  await first.relay.stop();
  await write(posted(room, 2));
  await hears(room, ["1", "2"]);
});

test("a lost wake signal delays delivery by no more than the poll interval", async () => {
  const room = newRoom();
  await listener.join(wire(room));
  const { relay } = startRelay();
  await leads(relay);
  await write(posted(room, 1));
  await hears(room, ["1"]);
  // The relay sleeps, and no wake signal is sent, as if every notification were lost.
  await vi.waitFor(async () => {
    const [row] =
      await database.owner`select last_value > 0 as asleep from querycast.relay_sleeps_until`;
    expect(row?.asleep).toBe(true);
  });
  await database.owner`select setval('querycast.relay_sleeps_until', 0)`;
  await write(posted(room, 2));
  await hears(room, ["1", "2"], 4000);
});
