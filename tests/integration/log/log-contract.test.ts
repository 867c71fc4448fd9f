import { limits, signal } from "querycast";
import { describe, expect, test, vi } from "vitest";
import { mergeSignals } from "@/realtime/protocol/merge-signals.ts";
import type { Signal } from "@/realtime/protocol/signal.ts";
import {
  drain,
  logs,
  messages,
  other,
  posted,
  room,
  setUp,
  withIdsInOrder,
} from "./log-contract-rig.ts";

describe.each(logs)("the signal log %s", (_where, open) => {
  test("L1 L2 a signal of a rolled-back transaction never exists, and none is visible before its commit", async () => {
    const { log, now, since, transaction } = await setUp(open);
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
    const { log, now, since, transaction, openRelay } = await setUp(open);
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
    const { log, now, since, transaction } = await setUp(open);
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
    const { log, now, transaction, write, restore } = await setUp(open);
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
    const { log, now, transaction, write } = await setUp(open);
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
    const { log, openRelay } = await setUp(open);
    expect(await log.relayAgeMs?.()).toBeNull();
    const { session } = await openRelay();
    expect(await log.relayAgeMs?.()).toBeNull();
    await session.beat();
    expect(await log.relayAgeMs?.()).toBeLessThan(15_000);
    expect(await log.relayAgeMs?.()).toBeGreaterThanOrEqual(0);
  });

  test("a replay is merged by name, keeps a common origin, and contains only its channel", async () => {
    const { log, now, since, transaction } = await setUp(open);
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
    const { log, now, since, transaction, openRelay } = await setUp(open);
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
    const { now, since, write, openRelay } = await setUp(open);
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
      const { since, write } = await setUp(open);
      await write(1);
      const answer = await since(position);
      expect(answer?.status).toBe("gap");
      expect(await since(answer?.position ?? "")).toMatchObject({ status: "upToDate" });
    },
  );

  test("C1 a restored log has a new identity: its clients get a gap, its relay continues from here", async () => {
    const { now, since, write, restore, openRelay } = await setUp(open);
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
    const { now, since, write } = await setUp(open);
    const start = await now();
    await write(...Array.from({ length: limits.replaySignals }, (_, index) => index));
    expect((await since(start))?.status).toBe("replay");
    await write(0);
    expect((await since(start))?.status).toBe("gap");
  });

  test("C4 more missed signals than the requested limit give a gap, and at most 500 are replayed", async () => {
    const { log, now, write } = await setUp(open);
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
});
