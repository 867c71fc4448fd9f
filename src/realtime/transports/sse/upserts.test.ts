import { expect, onTestFinished, test } from "vitest";
import { createHubRig } from "../../../../tests/support/rigs/hub-rig.ts";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import { decodeSignal, type Signal, signal } from "../../protocol/signal.ts";
import { readEntities } from "../../server/entities/entity-reads.ts";
import { createRelay } from "../../server/relay/create-relay.ts";
import { settlePromises } from "../../testing/fakes/fake-clock.ts";
import { createMemoryLog } from "../../testing/memory/memory-log.ts";

const channels = defineChannels({
  chat: channel("chat.{chatId}")
    .entity("chat.content", ids("contentId"))
    .entity("chat.reaction", ids("reactionId"))
    .signal("chat.renamed"),
});
const entitiesOf = (
  read: (ids: readonly string[]) => PromiseLike<ReadonlyMap<string, object>>,
  accessEpoch: () => Promise<number>,
) =>
  readEntities(
    channels,
    { accessEpochs: async () => new Map([["chat.a", await accessEpoch()]]) },
    {
      chat: { "chat.content": (_params, ids) => read(ids), "chat.reaction": async () => new Map() },
    },
  );

function setUp(
  given?: (ids: readonly string[]) => PromiseLike<ReadonlyMap<string, object>>,
  accessEpoch = async () => 0,
) {
  /** The ids of each SELECT. */
  const reads: (readonly string[])[] = [];
  const errors: unknown[] = [];
  const { clock, hub, open, join } = createHubRig({
    onError: (error) => errors.push(error),
    entities: entitiesOf((wanted) => {
      reads.push(wanted);
      return given?.(wanted) ?? Promise.resolve(new Map(wanted.map((id) => [id, { id }])));
    }, accessEpoch),
  });
  /** Opens a stream that subscribes to these chats. */
  const watch = async (...chats: readonly string[]) => {
    const viewer = { id: "ada", sessionId: `s${Math.random()}` };
    const signed = chats.map(async (chat) => {
      const wireName = `private-chat.${chat}.e0`;
      return [wireName, await join(wireName, viewer)] as const;
    });
    const { frames, writes, log, stall } = open(Object.fromEntries(await Promise.all(signed)), {
      viewer,
    });
    return {
      writes,
      log,
      stall: () => stall(100_000),
      /** The ids of the rows that arrived. */
      rows: () =>
        frames.flatMap((frame) =>
          frame.event === "upsert" ? frame.data[3].map((row) => (row as { id: string }).id) : [],
        ),
      frames: () => frames.filter(({ event }) => event === "upsert" || event === "signal"),
      signals: () =>
        frames.flatMap((frame) =>
          frame.event === "upsert" || frame.event === "signal"
            ? [{ event: frame.event, ...decodeSignal(frame.data[1], frame.data[2]) }]
            : [],
        ),
    };
  };
  let serial = 0;
  let last: string | undefined;
  const publish = (
    chat: string,
    contentIds: readonly string[] | undefined,
    more: Partial<Signal> = {},
  ) => {
    serial += 1;
    const id = serial.toString(16).padStart(32, "0");
    const signal = {
      id,
      name: "chat.content",
      ids: contentIds?.map((contentId) => ({ contentId })),
      origin: undefined,
      after: last,
      ...more,
    };
    last = id;
    return hub.publish([{ channel: `chat.${chat}`, accessEpoch: 0, signal }]);
  };
  return { clock, hub, watch, publish, reads, errors };
}

test.each([1, 50, 500])(
  "S0.3 S0.4 %i viewers cost one SELECT per 16 ms, with the ids united, and one serialisation",
  async (viewers) => {
    const { clock, watch, publish, reads } = setUp();
    const streams = await Promise.all(Array.from({ length: viewers }, () => watch("a")));
    await publish("a", ["1", "2"]);
    await publish("a", ["2", "3"]);
    await clock.advance(15);
    expect(reads).toEqual([]);
    await clock.advance(1);
    expect(reads).toEqual([["1", "2", "3"]]);
    for (const stream of streams) expect(stream.rows()).toEqual(["1", "2", "3"]);
    const chunks = new Set(streams.map(({ writes }) => writes.at(-1)));
    expect(chunks.size).toBe(1);
  },
);

test.each([
  ["16 ms with that `spacingMs`", { spacingMs: 16 }, 40, 52],
  ["25 ms by default", {}, 30, 34],
])(
  "S0.3 behind a relay a continuous stream is read about every %s",
  async (_, given, least, most) => {
    const { clock, hub, watch, reads } = setUp();
    const stream = await watch("a");
    const log = createMemoryLog({ clock });
    const relay = createRelay({ log, broker: hub, clock, ...given });
    onTestFinished(relay.stop);
    relay.start();
    await settlePromises();
    const wanted = Array.from({ length: 200 }, (_, n) => `${n}`);
    for (const contentId of wanted) {
      await log.transaction((tx) =>
        log.append(tx, [signal(channels.chat({ chatId: "a" }), "chat.content", { contentId })]),
      );
      await clock.advance(4);
    }
    await clock.advance(100);
    expect(stream.rows()).toEqual(wanted);
    // 800 ms of writing.
    expect(reads.length).toBeGreaterThanOrEqual(least);
    expect(reads.length).toBeLessThanOrEqual(most);
  },
);

test("E15 S0.3 a continuous stream is read about every 16 ms", async () => {
  const { clock, watch, publish, reads } = setUp();
  const stream = await watch("a");
  const wanted = Array.from({ length: 200 }, (_, n) => `${n}`);
  for (const id of wanted) {
    await publish("a", [id]);
    await clock.advance(4);
  }
  await clock.advance(16);
  expect(stream.rows()).toEqual(wanted);
  // 800 ms of writing.
  expect(reads.length).toBeGreaterThanOrEqual(40);
  expect(reads.length).toBeLessThanOrEqual(51);
});

test.each([205, 5_000])("S0.2 all rows of %i ids of one transaction arrive", async (count) => {
  const { clock, watch, publish, reads } = setUp();
  const stream = await watch("a");
  const wanted = Array.from({ length: count }, (_, n) => `00000000-0000-0000-0000-${n}`);
  await publish("a", wanted);
  await clock.advance(1_000);
  expect(stream.rows()).toEqual(wanted);
  expect(reads.flat()).toEqual(wanted);
  expect(Math.max(...reads.map(({ length }) => length))).toBeLessThanOrEqual(1_000);
  expect(stream.log).toEqual([]);
});

test("S0.5 a viewer of chat A receives nothing of chat B, and each row once", async () => {
  const { clock, watch, publish } = setUp();
  const [a, b, both] = [await watch("a"), await watch("b"), await watch("a", "b")];
  await publish("a", ["1"]);
  await publish("b", ["2"]);
  await publish("a", ["1", "3"]);
  await clock.advance(100);
  expect(a.rows()).toEqual(["1", "3"]);
  expect(b.rows()).toEqual(["2"]);
  expect(both.rows().toSorted()).toEqual(["1", "2", "3"]);
});

test("S0.15 rows of a topic that no viewer watches are not read", async () => {
  const { clock, watch, publish, reads } = setUp();
  await watch("b");
  await publish("a", ["1"]);
  await clock.advance(100);
  expect(reads).toEqual([]);
});

test("E15 the signals of a channel keep their order and their links", async () => {
  const { clock, watch, publish } = setUp();
  const stream = await watch("a");
  await publish("a", ["1"]);
  await publish("a", ["2"]);
  await publish("a", undefined, { name: "chat.renamed" });
  await publish("a", ["3"]);
  await clock.advance(100);
  const [first, renamed, last] = stream.signals();
  expect(stream.signals().map(({ event, name }) => `${event} ${name}`)).toEqual([
    "upsert chat.content",
    "signal chat.renamed",
    "upsert chat.content",
  ]);
  expect(renamed?.after).toBe(first?.last);
  expect(last?.after).toBe(renamed?.id);
  expect(stream.rows()).toEqual(["1", "2", "3"]);
});

test.each<[string, Parameters<typeof setUp>[0]]>([
  ["a read that fails", async () => Promise.reject(new Error("The database is down."))],
  ["a read that never answers", () => new Promise(() => {})],
  ["a row that is missing", async () => new Map([["1", { id: "1" }]])],
  [
    "a row that JSON cannot hold",
    async (wanted) => new Map(wanted.map((id) => [id, { id, n: 1n }])),
  ],
])("E15 after %s viewers get the signal, and read by themselves", async (what, read) => {
  const { clock, watch, publish, errors } = setUp(read);
  const stream = await watch("a");
  await publish("a", ["1", "2"]);
  await clock.advance(3_000);
  expect(stream.rows()).toEqual([]);
  const [signal] = stream.signals();
  expect(signal).toMatchObject({
    event: "signal",
    name: "chat.content",
    ids: [{ contentId: "1" }, { contentId: "2" }],
  });
  expect(errors).toHaveLength(what === "a row that is missing" ? 0 : 1);
  // The channel continues.
  await publish("a", undefined, { name: "chat.renamed" });
  expect(stream.signals()).toHaveLength(2);
});

test("a signal without ids, whose rows are not known, is sent as it is", async () => {
  const { clock, watch, publish, reads } = setUp();
  const stream = await watch("a");
  await publish("a", undefined);
  await clock.advance(100);
  expect(stream.signals()).toMatchObject([{ event: "signal", ids: undefined }]);
  expect(reads).toEqual([]);
});

test("S0.16 rows that were read after the end of a right are not sent under the old name", async () => {
  let epoch = 0;
  const { clock, watch, publish } = setUp(
    async (wanted) => {
      epoch = 1; // Somebody is removed, and the row changed, while it is read.
      return new Map(wanted.map((id) => [id, { id, text: "After the end." }]));
    },
    async () => epoch,
  );
  const stream = await watch("a");
  await publish("a", ["1"]);
  await clock.advance(100);
  expect(stream.rows()).toEqual([]);
  expect(stream.signals()).toMatchObject([{ event: "signal", name: "chat.content" }]);
});

test("without the access epoch no row is sent", async () => {
  const { clock, watch, publish, errors } = setUp(undefined, async () => {
    throw new Error("The database is down.");
  });
  const stream = await watch("a");
  await publish("a", ["1"]);
  await clock.advance(100);
  expect(stream.rows()).toEqual([]);
  expect(stream.signals()).toHaveLength(1);
  expect(errors).toHaveLength(1);
});

test("S0.12 a viewer that does not read is dropped, and delays no other viewer", async () => {
  const { clock, watch, publish } = setUp();
  const [slow, quick] = [await watch("a"), await watch("a")];
  slow.stall();
  await publish("a", ["1"]);
  await clock.advance(16);
  expect(quick.rows()).toEqual(["1"]);
  expect(slow.log).toEqual(["drop"]);
});

test("a hub that is closed reads nothing more", async () => {
  const { clock, hub, watch, publish, reads } = setUp();
  await watch("a");
  await publish("a", ["1"]);
  hub.close();
  await clock.advance(1_000);
  expect(reads).toEqual([]);
});

test("an entity without a read, and a read without an entity, are refused at start", () => {
  const log = { accessEpochs: async () => new Map() };
  expect(() => readEntities(channels, log, {})).toThrow('Entity "chat.content" of channel "chat"');
  const reads = {
    "chat.content": async () => new Map(),
    "chat.reaction": async () => new Map(),
    "chat.renamed": async () => new Map(),
  };
  expect(() => readEntities(channels, log, { chat: reads })).toThrow(
    '"chat.renamed" is not an entity',
  );
});
