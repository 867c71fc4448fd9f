import { channel, defineChannels, ids, limits, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createRelayLog,
  createSignalLog,
  type RelayLog,
  type RelaySession,
  type SignalLog,
  type Sql,
} from "querycast/server";
import { createMemoryLog } from "querycast/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { mergeSignals } from "@/realtime/protocol/merge-signals.ts";
import type { Signal } from "@/realtime/protocol/signal.ts";
import { createLogDatabase, port } from "./log-database.ts";

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});
const room = channels.room({ roomId: "r1" });
const other = channels.room({ roomId: "r2" });
const posted = (messageId: number, ref = room) => signal(ref, "message.posted", { messageId });

/** The order of ids has no meaning. */
const withIdsInOrder = ({ ids, ...rest }: Signal) => ({
  ...rest,
  ids: ids?.map((each) => JSON.stringify(each)).sort(),
});

/** A log with functions that write to it and delete old signals. */
interface Subject {
  readonly log: SignalLog;
  readonly relayLog: RelayLog;
  transaction(fn: (tx: Sql) => Promise<unknown>): Promise<unknown>;
  restore(): unknown;
  close(): unknown;
}

async function inPostgres(): Promise<Subject> {
  const database = await createLogDatabase();
  return {
    log: createSignalLog({ sql: port(database.reader) }),
    relayLog: createRelayLog({ open: postgresJs(database.readerUrl), pageRows: 2 }),
    transaction: (fn) => database.writer.begin((tx) => fn(port(tx))),
    restore: () => database.owner`update querycast.log set id = gen_random_uuid()`,
    close: database.close,
  };
}

async function inMemory(): Promise<Subject> {
  const memory = createMemoryLog({ pageRows: 2 });
  return {
    log: memory,
    relayLog: memory,
    transaction: memory.transaction,
    restore: memory.restore,
    close: () => {},
  };
}

describe.each([
  ["in Postgres", inPostgres],
  ["in memory", inMemory],
])("the signal log %s", (_where, open) => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const setUp = async () => {
    const subject = await open();
    closers.push(subject.close);
    const { log, transaction } = subject;
    const since = async (position: string | null, name = room.name) =>
      (await log.since([{ channel: name, position }])).get(name);
    return {
      ...subject,
      since,
      now: async () => (await since(null))?.position ?? "",
      write: (...messageIds: readonly number[]) =>
        transaction((tx) =>
          log.append(
            tx,
            messageIds.map((each) => posted(each)),
          ),
        ),
      openRelay: async () => {
        const heard: string[] = [];
        const session = await subject.relayLog.open({
          notified: () => heard.push("notified"),
          closed: () => heard.push("closed"),
        });
        closers.push(session.close);
        return { session, heard };
      },
    };
  };
  const messages = (signals: readonly { ids: readonly object[] | undefined }[] = []) =>
    signals.flatMap((each) => each.ids ?? []).map((each) => Object.values(each)[0]);
  const drain = async (session: RelaySession, from: string) => {
    const pages: unknown[][] = [];
    let position = from;
    for (let more = true; more; ) {
      const page = await session.read(position);
      pages.push(messages(page.deliveries.map((each) => each.signal)));
      ({ more, position } = page);
    }
    const page = { since: from, signals: 1, withheld: 0, frames: 1, attempts: 1, tookMs: 0 };
    return { pages, position, page };
  };

  test("L1 L2 a signal of a rolled-back transaction never exists, and none is visible before its commit", async () => {
    const { log, now, since, transaction } = await setUp();
    const start = await now();
    const undone = transaction(async (tx) => {
      await log.append(tx, [posted(1)]);
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    await transaction(async (tx) => {
      await log.append(tx, [posted(2)]);
      expect(await since(start)).toMatchObject({ status: "upToDate" });
    });
    expect(await since(start)).toMatchObject({
      status: "replay",
      signals: [{ name: "message.posted", ids: [{ messageId: "2" }] }],
    });
  });

  test("L3 a late commit is found once by readers that have passed its position", async () => {
    const { log, now, since, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const start = await now();
    const lead = (await session.lead()) ?? "";
    let between = { client: "", relay: "" };
    await transaction(async (slow) => {
      await log.append(slow, [posted(1)]);
      await transaction((fast) => log.append(fast, [posted(2)]));
      const answer = await since(start);
      expect(answer).toMatchObject({ status: "replay", signals: [{ ids: [{ messageId: "2" }] }] });
      const relayed = await drain(session, lead);
      expect(relayed.pages.flat()).toEqual(["2"]);
      between = { client: answer?.position ?? "", relay: relayed.position };
    });
    const late = await since(between.client);
    expect(late).toMatchObject({ status: "replay", signals: [{ ids: [{ messageId: "1" }] }] });
    expect(await since(late?.position ?? "")).toMatchObject({ status: "upToDate" });
    expect((await drain(session, between.relay)).pages.flat()).toEqual(["1"]);
  });

  test("L4 an idempotency key publishes once, sequentially and concurrently, and is free after a rollback", async () => {
    const { log, now, since, transaction } = await setUp();
    const start = await now();
    const publish = (messageId: number, fail = false) =>
      transaction(async (tx) => {
        await log.append(tx, [posted(messageId)], { idempotencyKey: "k" });
        await log.append(tx, [posted(messageId + 10)], { idempotencyKey: "k" });
        if (fail) throw new Error("no");
      });
    await expect(publish(1, true)).rejects.toThrow("no");
    await Promise.all([publish(2), publish(2), publish(2)]);
    await publish(2);
    const answer = await since(start);
    expect(answer?.status === "replay" && messages(answer.signals)).toEqual(["2"]);
    await expect(
      transaction((tx) => log.append(tx, [posted(1)], { idempotencyKey: "" })),
    ).rejects.toThrow(/empty/);
  });

  test("K15 a channel is behind exactly when a signal was committed after the position", async () => {
    const { log, now, transaction, write, restore } = await setUp();
    const behind = async (position: string | null, last?: string) => [
      ...(await log.behind([
        { channel: room.name, position, last },
        { channel: other.name, position },
      ])),
    ];
    const start = await now();
    expect(await behind(start)).toEqual([]);
    await write(1);
    expect(await behind(start)).toEqual([room.name]);
    expect(await behind(await now())).toEqual([]);
    const recent = (await log.since([{ channel: room.name, position: start }])).get(room.name);
    const [youngest] = recent?.recent ?? [];
    expect(await behind(start, youngest)).toEqual([]);
    expect(await behind(start, "another")).toEqual([room.name]);
    await write(2);
    expect(await behind(start, youngest)).toEqual([room.name]);
    const before = await now();
    await transaction((tx) => log.bumpAccessEpoch(tx, room));
    expect(await behind(before)).toEqual([room.name]);
    expect(await behind(null)).toEqual([room.name, other.name]);
    expect(await behind("no position")).toEqual([room.name, other.name]);
    await restore();
    expect(await behind(before)).toEqual([room.name, other.name]);
  });

  test("K15 L3 a late commit puts a channel behind that was up to date", async () => {
    const { log, now, transaction, write } = await setUp();
    let between = "";
    await transaction(async (slow) => {
      await log.append(slow, [posted(1)]);
      await write(2);
      between = await now();
      expect(await log.behind([{ channel: room.name, position: between }])).toEqual(new Set());
    });
    expect(await log.behind([{ channel: room.name, position: between }])).toEqual(
      new Set([room.name]),
    );
  });

  test("K14 the relay's age is null until a relay has delivered everything, then counts", async () => {
    const { log, openRelay } = await setUp();
    expect(await log.relayAgeMs?.()).toBeNull();
    const { session } = await openRelay();
    expect(await log.relayAgeMs?.()).toBeNull();
    await session.beat();
    expect(await log.relayAgeMs?.()).toBeLessThan(15_000);
    expect(await log.relayAgeMs?.()).toBeGreaterThanOrEqual(0);
  });

  test("a replay is merged by name, keeps a common origin, and contains only its channel", async () => {
    const { log, now, since, transaction } = await setUp();
    const start = await now();
    await transaction((tx) =>
      log.append(tx, [posted(1), signal(room, "topic.changed"), posted(2), posted(3, other)], {
        origin: "m1",
      }),
    );
    await transaction((tx) => log.append(tx, [posted(4)]));
    const answer = await since(start);
    expect(answer).toMatchObject({
      status: "replay",
      signals: [
        { name: "message.posted", origin: undefined },
        { name: "topic.changed", ids: undefined, origin: "m1" },
      ],
    });
    expect(answer?.status === "replay" && messages(answer.signals)).toEqual(["1", "2", "4"]);
    expect(await since(start, other.name)).toMatchObject({ signals: [{ origin: "m1" }] });
    expect(await since(start, "room.r3")).toMatchObject({ status: "upToDate" });
  });

  test("a replay equals the merge of all missed signals: ids, names, origins and the last of each", async () => {
    const { log, now, since, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const start = await now();
    const lead = (await session.lead()) ?? "";
    const changed = signal(room, "topic.changed");
    const write = (signals: Parameters<typeof log.append>[1], origin?: string) =>
      transaction((tx) => log.append(tx, signals, origin === undefined ? {} : { origin }));
    const replayed = async () => {
      const answer = await since(start);
      return answer?.status === "replay" ? answer.signals.map(withIdsInOrder) : answer;
    };
    const expected = async () => {
      const missed: Signal[] = [];
      let position = lead;
      for (let more = true; more; ) {
        const page = await session.read(position);
        missed.push(...page.deliveries.map((each) => each.signal));
        ({ more, position } = page);
      }
      return mergeSignals(missed).map(withIdsInOrder);
    };

    await write([posted(7)], "m1");
    expect(await replayed()).toEqual(await expected());
    await write([posted(12), posted(7), changed], "m1");
    expect(await replayed()).toEqual(await expected());
    await write([posted(3), changed]);
    expect(await replayed()).toEqual(await expected());
    await write(Array.from({ length: 200 }, (_, n) => posted(n)));
    expect(await replayed()).toEqual(await expected());
    expect(await replayed()).toMatchObject([{ ids: undefined }, { name: "topic.changed" }]);
  });

  test("a signal has the same id when relayed and replayed", async () => {
    const { now, since, write, openRelay } = await setUp();
    const { session } = await openRelay();
    const start = await now();
    await write(1);
    const page = await session.read((await session.lead()) ?? "");
    const answer = await since(start);
    expect(answer?.status === "replay" && answer.signals).toEqual(
      page.deliveries.map((each) => each.signal),
    );
  });

  test.each([null, "", "1:1:", "other/10:10:", "9/9", "-1/-1", "'; drop"])(
    "C1 the invalid position %j gives a gap with a valid position",
    async (position) => {
      const { since, write } = await setUp();
      await write(1);
      const answer = await since(position);
      expect(answer?.status).toBe("gap");
      expect(await since(answer?.position ?? "")).toMatchObject({ status: "upToDate" });
    },
  );

  test("C1 a restored log has a new identity: its clients get a gap, its relay continues from here", async () => {
    const { now, since, write, restore, openRelay } = await setUp();
    const start = await now();
    await write(1);
    const first = await openRelay();
    const { position, page } = await drain(first.session, (await first.session.lead()) ?? "");
    await first.session.save(position, page);
    await first.session.close();
    await write(2);
    await restore();
    expect((await since(start))?.status).toBe("gap");
    const { session } = await openRelay();
    const lead = await vi.waitFor(async () => {
      const led = await session.lead();
      expect(led).toBeDefined();
      return led ?? "";
    });
    await write(3);
    expect((await drain(session, lead)).pages.flat()).toEqual(["3"]);
  });

  test(`C1 ${limits.replaySignals} missed signals are replayed, one more is a gap`, async () => {
    const { now, since, write } = await setUp();
    const start = await now();
    await write(...Array.from({ length: limits.replaySignals }, (_, index) => index));
    expect((await since(start))?.status).toBe("replay");
    await write(0);
    expect((await since(start))?.status).toBe("gap");
  });

  test("C4 more missed signals than the requested limit give a gap, and at most 500 are replayed", async () => {
    const { log, now, write } = await setUp();
    const start = await now();
    const statusAt = async (position: string, replayAtMost: number) =>
      (await log.since([{ channel: room.name, position, replayAtMost }])).get(room.name)?.status;
    await write(1, 2, 3);
    expect(await statusAt(start, 3)).toBe("replay");
    expect(await statusAt(start, 2)).toBe("gap");
    expect(await statusAt(start, 0)).toBe("gap");
    expect(await statusAt(await now(), 0)).toBe("upToDate");
    await write(...Array.from({ length: limits.replaySignals }, (_, index) => index));
    expect(await statusAt(start, 10_000)).toBe("gap");
  });

  test("V1 V2 access epochs start at 0, increase with a commit, are relayed with signals, and the old wire name is notified", async () => {
    const { log, now, since, transaction, openRelay, write } = await setUp();
    const start = await now();
    const epochs = async () => [...(await log.accessEpochs([room.name, other.name])).values()];
    await write(1);
    await transaction(async (tx) => {
      await log.bumpAccessEpoch(tx, room);
      expect(await epochs()).toEqual([0, 0]);
    });
    expect(await epochs()).toEqual([1, 0]);
    const { session } = await openRelay();
    const page = await session.read((await session.lead()) ?? "");
    expect(page.deliveries.map(({ accessEpoch, signal: { name } }) => [name, accessEpoch])).toEqual(
      [
        ["message.posted", 1],
        ["querycast.moved", 0],
      ],
    );
    const answer = await since(start);
    expect(answer).toMatchObject({ status: "replay", accessEpoch: 1 });
    expect(answer?.status === "replay" && answer.signals.map(({ name }) => name)).toEqual([
      "message.posted",
    ]);
    expect(await since(answer?.position ?? "", other.name)).toMatchObject({ accessEpoch: 0 });
  });

  test("R3 the relay reads pages of whole transactions, in the order of each channel", async () => {
    const { write, openRelay } = await setUp();
    await write(1);
    await write(2, 3, 4);
    await write(5);
    const { session } = await openRelay();
    const { pages, position } = await drain(session, (await session.lead()) ?? "");
    expect(pages.flat()).toEqual(["1", "2", "3", "4", "5"]);
    expect(pages.find((page) => page.includes("2"))).toEqual(expect.arrayContaining(["3", "4"]));
    const page = await session.read(position);
    expect(page).toMatchObject({ deliveries: [], more: false, lagMs: 0 });
  });

  test("the relay and catch-up know the latest signal of each channel", async () => {
    const { log, now, since, write, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    const channelNames = [room.name, other.name, "room.r9"];
    expect(await session.heads(lead, channelNames)).toEqual(new Map());
    await write(1);
    await write(2, 3);
    await transaction((tx) => log.append(tx, [posted(4, other)]));
    const { position } = await drain(session, lead);
    const ahead = await session.read(lead);
    await write(5);
    const heads = await session.heads(position, channelNames);
    expect([...heads.keys()].sort()).toEqual([room.name, other.name]);
    expect(heads.get(room.name)).not.toBe(ahead.deliveries[0]?.signal.id);
    const recent = await session.recent(position, 60_000);
    expect(recent.map((each) => messages([each.signal])[0]).sort()).toEqual(["3", "4"]);
    expect(new Map(recent.map((each) => [each.channel, each.signal.id]))).toEqual(heads);
    expect((await since(await now()))?.recent).toContain(heads.get(room.name));
    expect((await since(null, "room.r9"))?.recent).toEqual([]);
  });

  test("one session leads, and the next one continues from the saved position", async () => {
    const { write, openRelay } = await setUp();
    const first = await openRelay();
    const second = await openRelay();
    await write(1);
    const start = await first.session.lead();
    expect(await second.session.lead()).toBeUndefined();
    const { position, page } = await drain(first.session, start ?? "");
    await first.session.save(position, page);
    await write(2);
    await first.session.close();
    await vi.waitFor(async () => expect(await second.session.lead()).toBeDefined());
    const lead = (await second.session.lead()) ?? "";
    expect((await drain(second.session, lead)).pages.flat()).toEqual(["2"]);
    await expect(first.session.read(position)).rejects.toThrow(/closed/);
  });

  test("K7 the log knows the latest signal of a channel, before a position and for catch-up", async () => {
    const { log, now, since, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    const start = await now();
    expect((await since(start))?.recent).toEqual([]);
    await transaction((tx) => log.append(tx, [posted(1), posted(2), posted(3, other)]));
    const { deliveries, position } = await session.read(lead);
    const [, second, third] = deliveries.map(({ signal: { id } }) => id);
    await transaction((tx) => log.append(tx, [posted(4)]));
    const heads = await session.heads(position, [room.name, other.name, "room.r3"]);
    expect([...heads]).toEqual([
      [room.name, second],
      [other.name, third],
    ]);
    expect(await session.heads(lead, [room.name])).toEqual(new Map());
    const answer = await since(start);
    expect(answer?.recent).toHaveLength(3);
    expect(answer?.recent).toContain(second);
    expect((await since(answer?.position ?? ""))?.recent).toEqual(answer?.recent);
  });

  test("K8 a new leader gets the recent last signal of each channel", async () => {
    const { log, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await transaction((tx) => log.append(tx, [posted(1), posted(2), posted(3, other)]));
    const { deliveries, position } = await session.read(lead);
    expect(await session.recent(lead, 60_000)).toEqual([]);
    expect(await session.recent(position, 60_000)).toEqual(deliveries.slice(1));
    expect(await session.recent(position, -1_000)).toEqual([]);
  });

  test("K8 V1 a new leader gets recent epoch changes, for clients that still use the old wire name", async () => {
    const { log, transaction, openRelay } = await setUp();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await transaction((tx) => log.append(tx, [posted(1)]));
    await transaction((tx) => log.bumpAccessEpoch(tx, room));
    await transaction((tx) => log.append(tx, [posted(2)]));
    await transaction((tx) => log.bumpAccessEpoch(tx, room));
    await transaction((tx) => log.append(tx, [posted(3)]));
    let position = lead;
    for (let more = true; more; ) ({ more, position } = await session.read(position));
    const recent = await session.recent(position, 60_000);
    const told = recent.map(({ accessEpoch, signal: { name } }) => `${name} on ${accessEpoch}`);
    expect(told.sort()).toEqual([
      "message.posted on 2",
      "querycast.moved on 0",
      "querycast.moved on 1",
    ]);
  });

  test("writers send the wake signal only while the relay sleeps", async () => {
    const { write, openRelay } = await setUp();
    const { session, heard } = await openRelay();
    const lead = (await session.lead()) ?? "";
    heard.length = 0; // the start-up test of the real log sends a wake signal
    await write(1);
    await session.sleep(60_000);
    await vi.waitFor(async () => expect((await session.read(lead)).quiet).toBe(true));
    expect(heard).toEqual([]);
    await write(2);
    await vi.waitFor(() => expect(heard).toEqual(["notified"]));
    await session.wake();
    await write(3);
    expect((await session.read(lead)).quiet).toBe(false);
    expect(heard).toEqual(["notified"]);
  });

  test("pruning removes old, delivered signals, and positions below them give gaps", async () => {
    const { now, since, write, openRelay } = await setUp();
    const start = await now();
    const { session } = await openRelay();
    const lead = (await session.lead()) ?? "";
    await write(1);
    expect(await session.prune(0)).toBe(0);
    const { position, page } = await drain(session, lead);
    await session.save(position, page);
    expect(await session.prune(60_000)).toBe(0);
    expect((await since(start))?.status).toBe("replay");
    expect(await session.prune(0)).toBe(1);
    expect((await since(start))?.status).toBe("gap");
    const after = await now();
    await write(2);
    expect((await since(after))?.status).toBe("replay");
  });
});
