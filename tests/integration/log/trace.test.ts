import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  createCatchUpRecord,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createRollout,
  createSignalInspector,
  createSignalLog,
  type PublishOptions,
  type RelayOptions,
} from "querycast/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../scripts/parts/ports.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import { sharedSoketi, startOwnSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";

const channels = defineChannels({
  traced: channel("traced.{roomId}")
    .signal("message.posted", ids("messageId"))
    .signal("topic.changed"),
});
const newRoom = () => channels.traced({ roomId: randomUUID() });
type Room = ReturnType<typeof newRoom>;
const posted = (room: Room, messageId: string) => signal(room, "message.posted", { messageId });

let database: LogDatabase;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  database = await createLogDatabase();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await database.close();
});

const log = () => createSignalLog({ sql: port(database.reader) });
const inspector = () => createSignalInspector({ sql: port(database.reader) });
const write = (
  signals: Parameters<ReturnType<typeof createPublisher>["publish"]>[0],
  options: Omit<PublishOptions, "tx"> = {},
) =>
  database.writer.begin((tx) =>
    createPublisher({ channels, log: log() }).publish(signals, { ...options, tx: port(tx) }),
  );
function startRelay(soketi = sharedSoketi(), rollout: RelayOptions["rollout"] = undefined) {
  const broker = createPusherBroker({ ...soketi, tls: false });
  const open = postgresJs(database.readerUrl);
  const options = { log: createRelayLog({ open }), broker, random: () => 0.2 };
  const relay = createRelay(rollout === undefined ? options : { ...options, rollout });
  relay.start();
  closers.push(() => broker.close(), relay.stop);
  return { relay, broker };
}
const delivered = () =>
  vi.waitFor(async () => expect(await inspector().backlog()).toMatchObject({ pending: 0 }));
const latest = async () => {
  const [signal] = await inspector().list({ limit: 1 });
  if (signal === undefined) throw new Error("The log is empty.");
  return signal;
};

test("N1 one id connects the request, the row, the page, the frame and the broker's ok", async () => {
  const room = newRoom();
  await write([posted(room, "1"), posted(room, "2")], { correlation: "req-7", origin: "m-1" });
  await write(signal(room, "topic.changed"));
  const [topic, second, first] = await inspector().list({ channel: room.name });
  expect(second).toMatchObject({ correlation: "req-7", origin: "m-1", ids: [{ messageId: "2" }] });
  expect(topic?.correlation).toBeNull();
  const waiting = await inspector().trace({ id: second?.id ?? "" });
  expect(waiting).toMatchObject({ signal: second, status: "pending", page: null, frame: null });

  const soketi = sharedSoketi();
  const broker = createPusherBroker({ ...soketi, tls: false });
  const listener = listen(soketi, broker);
  closers.push(() => broker.close(), listener.close);
  await listener.join(`private-${room.name}.e0`);
  startRelay();
  await delivered();

  const traced = await inspector().trace({ place: second?.place ?? "" });
  expect(traced).toMatchObject({
    status: "relayed",
    page: { signals: 3, withheld: 0, frames: 2, attempts: 1 },
    frame: { signals: [first?.id, second?.id] },
    refusal: null,
    catchUps: null,
    committedAt: null,
  });
  const { page } = traced ?? {};
  expect(page?.readAt.getTime()).toBeGreaterThanOrEqual(second?.writtenAt.getTime() ?? 0);
  expect(page?.acceptedAt.getTime()).toBeGreaterThanOrEqual(page?.readAt.getTime() ?? 0);
  await vi.waitFor(() => expect(listener.frames).toHaveLength(2));
  const sent = listener.frames[0]?.data as { id: string; last: string };
  expect(sent).toMatchObject({ id: traced?.frame?.id, last: second?.id });
  // The correlation id is for operators and is not sent to clients.
  expect(JSON.stringify(listener.frames)).not.toContain("req-7");
  expect(await inspector().trace({ id: "0".repeat(32) })).toBeUndefined();
});

test("N1 a trigger's signals have the id of the transaction that fired it", async () => {
  const room = newRoom();
  await write(posted(room, "1"), { correlation: "req-1" });
  await database.writer.begin(async (tx) => {
    await tx`select set_config('querycast.correlation', 'req-2', true)`;
    await tx`select querycast.bump_access_epoch(${room.name})`;
  });
  await write(posted(room, "2"));
  const found = await inspector().list({ channel: room.name });
  expect(found.map(({ correlation }) => correlation)).toEqual([null, "req-2", "req-1"]);
});

test("N2 a late commit belongs to the page that relayed it", async () => {
  const [slowRoom, room] = [newRoom(), newRoom()];
  startRelay();
  await database.writer.begin(async (slow) => {
    await log().append(port(slow), [posted(slowRoom, "late")]);
    await write(posted(room, "early"));
    await vi.waitFor(async () => expect(await inspector().pages()).toMatchObject([{ signals: 1 }]));
  });
  await vi.waitFor(async () => expect(await inspector().pages()).toHaveLength(2));
  const pageOf = async (name: string) => {
    const [row] = await inspector().list({ channel: name });
    return (await inspector().trace({ place: row?.place ?? "" }))?.page?.page;
  };
  const [last, first] = await inspector().pages();
  expect([await pageOf(room.name), await pageOf(slowRoom.name)]).toEqual([first?.page, last?.page]);
});

test("N2 attempts are counted until the broker accepts", async () => {
  const brokerPort = await freePort();
  const { relay } = startRelay({ ...sharedSoketi(), port: brokerPort });
  await write(posted(newRoom(), "1"));
  await vi.waitFor(() => expect(relay.health().attempts).toBeGreaterThan(1));
  expect(await inspector().backlog()).toMatchObject({ pending: 1, isLed: true, setAside: 0 });
  const soketi = await startOwnSoketi({ port: brokerPort });
  closers.push(() => soketi.stop());
  await vi.waitFor(
    async () => {
      const traced = await inspector().trace({ place: (await latest()).place });
      expect(traced).toMatchObject({ status: "relayed" });
      expect(traced?.page?.attempts).toBeGreaterThan(2);
    },
    { timeout: 15_000 },
  );
}, 20_000);

test("N2 a signal that is set aside is shown with its reason", async () => {
  const room = newRoom();
  await write(posted(room, "1"));
  const [bad] = await inspector().list({ channel: room.name });
  const rows = [{ row: bad?.place, reason: "too large", attempts: 5 }];
  await database.reader`select querycast.set_aside(${JSON.stringify(rows)}::text::json)`;
  startRelay();
  await delivered();
  expect(await inspector().trace({ place: bad?.place ?? "" })).toMatchObject({
    status: "set-aside",
    refusal: { reason: "too large", attempts: 5 },
  });
  expect(await inspector().backlog()).toMatchObject({ setAside: 1 });
});

test("N3 a trace counts the catch-ups that covered the signal, and no others", async () => {
  const room = newRoom();
  const catchUps = createCatchUpRecord();
  const route = createRealtimeHandler({
    authority: authorize<typeof channels, { id: string }, null>(channels, { traced: () => true }),
    getViewer: async () => ({ id: "u1" }),
    read: (_viewer, fn) => fn(null),
    log: log(),
    broker: null,
    secret: "a secret of the length that is asked for",
    allowedOrigins: [],
    onCatchUp: catchUps.note,
  });
  const catchUp = async (cursor: string | null) => {
    const answer = await route(
      new Request("http://localhost/api/realtime", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          v: 1,
          type: "catch-up",
          channels: [{ channel: room.name, cursor }],
        }),
      }),
    );
    const { results } = (await answer.json()) as { results: { cursor: string; status: string }[] };
    return results[0] ?? { cursor: "", status: "none" };
  };
  const before = await catchUp(null);
  await write(posted(room, "1"));
  const after = await catchUp(before.cursor);
  expect(after.status).toBe("replay");
  await catchUp(before.cursor);
  expect((await catchUp(after.cursor)).status).toBe("upToDate");
  expect((await catchUp(null)).status).toBe("gap");
  const known = createSignalInspector({ sql: port(database.reader), catchUps });
  expect((await known.trace({ place: (await latest()).place }))?.catchUps).toMatchObject({
    replays: 2,
    gaps: 1,
  });
});

test("N4 a tail returns late commits, oldest first, and reports skipped ones", async () => {
  const room = newRoom();
  const { position } = await inspector().tail(null);
  let seen = position;
  const tail = async (limit = 100) => {
    const answer = await inspector().tail(seen, { channelPrefix: "traced.", limit });
    seen = answer.position;
    return { received: answer.signals.map((each) => each.ids?.[0]?.messageId), more: answer.more };
  };
  await database.writer.begin(async (slow) => {
    await log().append(port(slow), [posted(room, "late")]);
    await write(posted(room, "early"));
    expect(await tail()).toEqual({ received: ["early"], more: false });
  });
  expect(await tail()).toEqual({ received: ["late"], more: false });
  await write(["1", "2", "3"].map((each) => posted(room, each)));
  expect(await tail(2)).toEqual({ received: ["2", "3"], more: true });
  expect(await tail()).toEqual({ received: [], more: false });
  const elsewhere = await inspector().tail(position, { name: "topic.changed" });
  expect(elsewhere.signals).toEqual([]);
});

test("N4 the log can be paginated and filtered by channel, name and time", async () => {
  const [one, other] = [newRoom(), newRoom()];
  await write([posted(one, "1"), posted(other, "2"), signal(one, "topic.changed")]);
  const [between] = await database.owner<{ at: Date }[]>`select clock_timestamp() as at`;
  const at = between?.at ?? new Date();
  await database.owner`select pg_sleep(0.002)`; // Postgres has microseconds, a Date does not
  await write(posted(one, "4"));
  const { list } = inspector();
  const told = async (...options: Parameters<typeof list>) =>
    (await list(...options)).map(({ name, ids: own }) => own?.[0]?.messageId ?? name);
  expect(await told()).toEqual(["4", "topic.changed", "2", "1"]);
  expect(await told({ channel: one.name })).toEqual(["4", "topic.changed", "1"]);
  expect(await told({ channelPrefix: `traced.${other.name.slice(7, 20)}` })).toEqual(["2"]);
  expect(await told({ name: "topic.changed" })).toEqual(["topic.changed"]);
  expect(await told({ from: new Date(at.getTime() + 1) })).toEqual(["4"]);
  expect(await told({ to: at })).toEqual(["topic.changed", "2", "1"]);
  const first = await list({ limit: 2 });
  expect(await told({ before: first.at(-1)?.place, limit: 2 })).toEqual(["2", "1"]);
  await expect(list({ before: "1; drop" })).rejects.toThrow(/not a place in the log/);
});

test("N2 R10 the frame of a signal is unknown when part of its page waited for a rate limit", async () => {
  const room = newRoom();
  const options = { traced: { framesPerSecond: 1 } };
  startRelay(sharedSoketi(), createRollout({ channels, read: async () => ({ options }) }));
  await write(posted(room, "1"));
  await delivered();
  const first = await latest();
  // One of the two names waits, at any time.
  await write([posted(room, "2"), signal(room, "topic.changed")]);
  await delivered();
  const trace = ({ place }: typeof first) => inspector().trace({ place });
  expect(await trace(first)).toMatchObject({
    page: { waited: false },
    frame: { signals: [first.id] },
  });
  expect(await trace(await latest())).toMatchObject({
    status: "relayed",
    page: { waited: true },
    frame: null,
  });
});

test("N5 pages are deleted with the signals they contained", async () => {
  startRelay();
  await write(posted(newRoom(), "1"));
  await delivered();
  expect(await inspector().pages()).toHaveLength(1);
  const prune = (ageMs: number) =>
    database.reader`select querycast.prune_deliveries(${ageMs}, 100)`;
  await prune(60_000);
  expect(await inspector().pages()).toHaveLength(1);
  await prune(0);
  expect(await inspector().pages()).toEqual([]);
  // The signal counts as relayed, in an unknown page.
  const trace = await inspector().trace({ place: (await latest()).place });
  expect(trace).toMatchObject({ status: "relayed", page: null, frame: null });
});

test("N5 writers of signals may not read the delivery record, and no role writes it directly", async () => {
  await expect(database.writer`select from querycast.deliveries`).rejects.toThrow(/denied/);
  await expect(database.reader`delete from querycast.deliveries`).rejects.toThrow(/denied/);
  await expect(
    database.writer`select querycast.save_delivery('', '1:1:', '1:1:', 1, 0, 1, 1, 1, false)`,
  ).rejects.toThrow(/denied/);
});
