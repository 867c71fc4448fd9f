import fc from "fast-check";
import {
  channel,
  defineChannels,
  ids,
  type JoinResult,
  limits,
  ProtocolError,
  signal,
} from "querycast";
import {
  authorize,
  createPublisher,
  createRealtimeHandler,
  createSignalInspector,
  createSignalLog,
  type Sql,
  type Viewer,
} from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contract } from "../../../src/realtime/protocol/channel.ts";
import { encodeId, isIdText } from "../../../src/realtime/protocol/encode-id.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { openRawSocket, type RawFrame, type RawSocket } from "../../support/broker/raw-socket.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../../support/database/log-database.ts";
import { channelAttacks } from "../../support/hostile/channel-attacks.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("topic.changed").signal("topic.renamed", ids("topicId")),
  pair: channel("pair.{firstId}.{secondId}").signal("topic.changed"),
  news: channel("news").signal("topic.changed"),
});
const broker = createPusherBroker({ ...sharedSoketi(), tls: false });
let database: LogDatabase;
let socket: RawSocket;
beforeAll(async () => {
  database = await createLogDatabase();
  await database.owner.unsafe(`
    create function is_taken(name text) returns boolean language plpgsql as $$
    begin
      perform querycast.append_signals(
        json_build_array(json_build_object('channel', name, 'name', 'topic.changed')), null, null);
      return true;
    exception when check_violation then return false;
    end $$`);
  socket = await openRawSocket(sharedSoketi());
});
afterAll(async () => {
  await socket.close();
  broker.close();
  await database.close();
});

const isChannel = (name: string) => {
  try {
    return channels[contract].parse(name).name === name;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return false;
  }
};
/** Postgres refuses statements that contain NUL. */
const takenByLog = async (names: readonly string[]) => {
  const sayable = names.filter((name) => !name.includes("\0"));
  const rows = await database.owner<{ name: string }[]>`
    select name from unnest(${sayable}::text[]) name where is_taken(name)`;
  return new Set(rows.map(({ name }) => name));
};
/** The parameters of `user` channels that a rule received. */
const seenByRule: string[] = [];
/** A route whose rules allow everything: a denial is because of the name. */
const joinedAtRoute = async (names: readonly string[]) => {
  const handle = createRealtimeHandler<Viewer, Sql>({
    authority: authorize(channels, {
      user: ({ userId }) => {
        seenByRule.push(userId);
        return true;
      },
      pair: () => true,
      news: () => true,
    }),
    getViewer: async () => ({ id: "reader" }),
    read: (_viewer, fn) => fn((() => Promise.resolve([])) as Sql),
    log: createSignalLog({ sql: port(database.reader) }),
    broker,
    secret: "a secret of at least 32 characters",
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  const join = async (some: readonly string[]): Promise<readonly JoinResult[]> => {
    const body = { v: 1, type: "join", socketId: socket.socketId, channels: some };
    const response = await handle(
      new Request("http://site.test/api/realtime", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    if (response.status === 400) return []; // a channel exceeds the maximum length of text
    return ((await response.json()) as { results?: readonly JoinResult[] }).results ?? [];
  };
  const results = await Promise.all(names.map((name) => join([name])));
  return results.flat().filter(({ status }) => status === "joined");
};

const alphabet = "aZ09_-=@,;.: #%/*{}\n\0éа１'\"";
const segment = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ09_-=@,;"), maxLength: limits.idLength + 2 }),
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 }),
  fc.constantFrom("__proto__", "..", "%2f", "a".repeat(limits.idLength)),
);
const name = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("user.", "pair.a."),
      fc.string({ unit: fc.constantFrom(..."aZ09_-=@,;"), minLength: 1, maxLength: 65 }),
    )
    .map((parts) => parts.join("")),
  fc
    .tuple(
      fc.constantFrom("user", "pair", "news", "USER", "private-user", "nobody"),
      fc.array(segment, { maxLength: 3 }),
    )
    .map(([kind, segments]) => [kind, ...segments].join(".")),
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 30 }),
  fc.constantFrom(...channelAttacks),
);

test("W1 contract, route and log accept the same channel names", async () => {
  let agreed = 0;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 20, maxLength: 60 }), async (names) => {
      const known = names.filter(isChannel);
      const joined = await joinedAtRoute(names);
      expect(joined.map(({ channel: each }) => each).sort()).toEqual([...known].sort());
      const taken = await takenByLog(names);
      expect(known.filter((each) => !taken.has(each))).toEqual([]);
      // The log does not know kinds. For names of known kinds it accepts the same as the contract.
      const more = [...taken].filter(
        (each) => /^(user|pair|news)\b/.test(each) && !isChannel(each),
      );
      expect(more.filter((each) => hasRoomForItsIds(each))).toEqual([]);
      agreed += known.length;
    }),
    { numRuns: 40 },
  );
  expect(agreed).toBeGreaterThan(50);
});

/** Whether only the number of segments or an id beyond the contract's length makes a name invalid. */
const hasRoomForItsIds = (name: string) => {
  const [kind = "", ...segments] = name.split(".");
  const wanted = { user: 1, pair: 2, news: 0 }[kind];
  return segments.length === wanted && segments.every(({ length }) => length <= limits.idLength);
};

test("W6 W8 contract, route, log and broker accept channels with ids of other systems, and rules get the ids unchanged", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
    fc.stringMatching(/^[=|:.@%7C3DA-F]{1,16}$/),
    fc.constantFrom(
      "auth0|507f1f77bcf86cd7",
      "did:plc:z72i7hdynmk6r22z27h6tvur",
      "ann@example.org",
    ),
  );
  const id = text.filter((each) => isIdText(each) && encodeId(each).length <= limits.idLength);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(id, { minLength: 5, maxLength: 20 }), async (ids) => {
      const refs = ids.map((userId) => channels.user({ userId }));
      const names = refs.map(({ name: each }) => each);
      expect(refs.map(({ name: each }) => channels[contract].parse(each))).toEqual(refs);
      seenByRule.length = 0;
      const joined = await joinedAtRoute(names);
      expect(joined.map(({ channel: each }) => each).sort()).toEqual([...names].sort());
      expect([...seenByRule].sort()).toEqual([...ids].sort());
      expect(await takenByLog(names)).toEqual(new Set(names));
      for (const result of joined) await joinBroker(result);
    }),
    { numRuns: 20 },
  );
});

test("W6 W8 the log stores ids of other systems unchanged, and readers get them unchanged", async () => {
  const log = createSignalLog({ sql: port(database.reader) });
  const publisher = createPublisher({ channels, log });
  const inspector = createSignalInspector({ sql: port(database.reader) });
  for (const topicId of ["auth0|507f", "did:plc:z72", "aGVs+/bG8=", "καλημέρα", "=7C", "==7C"]) {
    const ref = channels.user({ userId: topicId });
    await database.writer.begin((tx) =>
      publisher.publish(signal(ref, "topic.renamed", { topicId }), { tx: port(tx) }),
    );
    const [row] = await inspector.list({ channel: ref.name, limit: 1 });
    expect(row).toMatchObject({ channel: ref.name, ids: [{ topicId }] });
  }
});

/** Subscribes with the signature of a join. */
async function joinBroker(result: JoinResult): Promise<void> {
  if (result.status !== "joined") throw new Error(`${result.channel} is not joined`);
  const { wireName, auth } = result;
  socket.send({ event: "pusher:subscribe", data: { channel: wireName, auth } });
  const isJoined = ({ event, channel: received }: RawFrame) =>
    event === "pusher_internal:subscription_succeeded" && received === wireName;
  await expect.poll(() => socket.frames.some(isJoined)).toBe(true);
}

test("W1 the broker accepts the wire name of every channel that the contract accepts", async () => {
  const longest = "a".repeat(limits.idLength);
  for (const each of ["news", "user._-=@,;", `pair.${longest}.${longest}`]) {
    expect(isChannel(each)).toBe(true);
    const [result] = await joinedAtRoute([each]);
    if (result === undefined) throw new Error(`${each} is not joined`);
    await joinBroker(result);
  }
});
