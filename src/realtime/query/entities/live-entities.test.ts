import { QueryObserver } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { TransportHandlers } from "../../client/transport.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import { encodeSignal, on } from "../../protocol/signal.ts";
import { a1, a2, setUp as setUpBridge } from "../bridge-rig.ts";
import { liveEntities } from "./live-entities.ts";

interface Row {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

const row = (id: string, version = 1): Row => ({ id, version, text: `${id}.${version}` });

/** A mounted query over rows that the test can change, and a stream that sends rows. */
async function setUp({ canPlace = true, fetchMs = 100 } = {}) {
  let handlers: TransportHandlers | undefined;
  const rig = setUpBridge({
    wrap: (transport) => ({
      ...transport,
      connect: (given, key) => {
        handlers = given;
        return transport.connect(given, key);
      },
    }),
  });
  const { clock, route, queryClient } = rig;
  let table: readonly Row[] = [row("c1")];
  let fetches = 0;
  let fails = false;
  let takesMs = fetchMs;
  const options = liveEntities(
    {
      queryKey: ["texts"],
      queryFn: () => {
        fetches += 1;
        // The database is read when half of the time has passed.
        return new Promise<readonly Row[]>((resolve, reject) =>
          clock.after(takesMs / 2, () => {
            const [read, isFailing] = [table, fails];
            clock.after(takesMs / 2, () =>
              isFailing ? reject(new Error("refused")) : resolve(read),
            );
          }),
        );
      },
    },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      ...(canPlace && { place: (rows: readonly Row[]) => rows.length }),
    },
  );
  const observer = new QueryObserver(queryClient, options);
  onTestFinished(observer.subscribe(() => {}));
  await rig.settle();
  let serial = 0;
  /** Sends a signal of the entity with rows, or without as a broker does. */
  const send = (rows: readonly unknown[] | undefined, name = "comment.text", channel = a1) => {
    serial += 1;
    const signal = { id: `u${serial}`, name, ids: undefined, origin: undefined };
    route.append(channel.name, signal);
    handlers?.event(route.wireName(channel.name), name, encodeSignal(signal), rows);
  };
  const texts = () => queryClient.getQueryData<readonly Row[]>(["texts"])?.map(({ text }) => text);
  return {
    ...rig,
    observer,
    send,
    texts,
    /** Every text that the query contains from now on. */
    shown: () => {
      const all: string[] = [];
      onTestFinished(observer.subscribe(() => all.push(...(texts() ?? []))));
      return all;
    },
    /** Commits rows to the table that fetches read. */
    commit: (...rows: readonly Row[]) => {
      const changed = new Set(rows.map(({ id }) => id));
      table = [...table.filter(({ id }) => !changed.has(id)), ...rows];
    },
    fetches: () => fetches,
    failNext: (isFailing: boolean) => {
      fails = isFailing;
    },
    takes: (ms: number) => {
      takesMs = ms;
    },
    /** Empties the table that fetches read. */
    empty: () => {
      table = [];
    },
    /** Ends the right to the channel. */
    revoke: () => {
      route.deny(a1.name);
      rig.broker.send(route.wireName(a1.name), epochChangedEvent, "{}");
    },
    query: () => queryClient.getQueryCache().find({ queryKey: ["texts"] }),
  };
}

type Texts = Awaited<ReturnType<typeof setUp>>;

test("S0.9 rows go into the query without a fetch", async () => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send([row("c1", 2), row("c2")]);
  expect(texts()).toEqual(["c1.2", "c2.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before);
});

test("S0.9 a repeated row changes nothing, and an older one never replaces a newer one", async () => {
  const { send, texts, query } = await setUp();
  send([row("c1", 3)]);
  const { data, dataUpdateCount } = query()?.state ?? {};
  send([row("c1", 3)]);
  send([row("c1", 2)]);
  expect(texts()).toEqual(["c1.3"]);
  expect(query()?.state).toMatchObject({ data, dataUpdateCount });
});

test("S0.9 without `place` a row that the list does not contain is left out", async () => {
  const { send, texts } = await setUp({ canPlace: false });
  send([row("c2"), row("c1", 2)]);
  expect(texts()).toEqual(["c1.2"]);
});

test("`place` puts a row at any index, and undefined leaves it out", async () => {
  const { queryClient, send, texts } = await setUp();
  const options = liveEntities(
    { queryKey: ["texts"], queryFn: async (): Promise<readonly Row[]> => [] },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows, { id }) => {
        if (id === "no") return undefined;
        const index = rows.findIndex((other) => other.id > id);
        return index < 0 ? rows.length : index;
      },
    },
  );
  const observer = new QueryObserver(queryClient, options);
  onTestFinished(observer.subscribe(() => {}));
  send([row("c3"), row("no"), row("c2"), row("a"), row("c2", 2)]);
  expect(texts()).toEqual(["a.1", "c1.1", "c2.2", "c3.1"]);
});

test("S0.9 rows of another entity or channel are ignored, and an unknown kind costs a fetch", async () => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send([row("c1", 9)], "comment.created");
  send([row("c1", 9)], "comment.text", a2);
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before);
  send([row("c1", 9)], "poll.voted");
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before + 1);
});

test("without rows a signal of the entity makes the query fetch", async () => {
  const { send, texts, commit, fetches, clock } = await setUp();
  const before = fetches();
  commit(row("c2"));
  send(undefined);
  await clock.advance(1_000);
  expect(fetches()).toBe(before + 1);
  expect(texts()).toEqual(["c1.1", "c2.1"]);
});

test.each([
  ["no object", ["text"]],
  ["no id", [{ version: 1 }]],
  ["no version", [{ id: "c1" }]],
  ["a version that is not a number", [{ id: "c1", version: "2" }]],
])("a row with %s makes the query fetch instead", async (_what, rows) => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send(rows);
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(1_000);
  expect(fetches()).toBe(before + 1);
});

test("S0.10 rows that arrive during a fetch are put into its result", async () => {
  const { send, texts, commit, bridge, clock } = await setUp();
  bridge.invalidate([["texts"]]);
  await clock.advance(90); // The fetch has read the table and has not returned.
  commit(row("c1", 2), row("c2"));
  send([row("c1", 2), row("c2")]);
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(1_000);
  expect(texts()).toEqual(["c1.2", "c2.1"]);
});

test("S0.10 rows that arrive during a fetch that fails are put into the data before it", async () => {
  const { send, texts, bridge, clock, failNext } = await setUp();
  failNext(true);
  bridge.invalidate([["texts"]]);
  await clock.advance(50);
  send([row("c1", 2)]);
  await clock.advance(100);
  expect(texts()).toEqual(["c1.2"]);
});

test.each([
  ["a refetch", ({ bridge }: Texts) => bridge.invalidate([["texts"]])],
  ["the first fetch", ({ queryClient }: Texts) => void queryClient.resetQueries()],
])("V3 S0.16 rows that arrived during %s are purged with the query", async (_what, begin) => {
  const texts = await setUp();
  texts.takes(4_000);
  begin(texts);
  await texts.clock.advance(150);
  texts.send([row("secret")]);
  texts.empty();
  texts.revoke();
  await texts.clock.advance(1_000);
  expect(texts.bridge.liveState(JSON.stringify(["texts"]))?.status).toBe("denied");
  const shown = texts.shown();
  await texts.clock.advance(20_000);
  expect(shown).not.toContain("secret.1");
  expect(texts.texts()).toEqual([]);
});

test("V3 U7 rows that arrived before the bridge was detached are read again, not shown later", async () => {
  const { send, texts, shown, takes, empty, query, bridge, clock, detach, fetches } = await setUp();
  takes(4_000);
  void query()?.fetch();
  await clock.advance(150);
  send([row("secret")]);
  empty();
  detach();
  await clock.advance(5_000);
  const before = fetches();
  onTestFinished(bridge.attach());
  const seen = shown();
  await clock.advance(20_000);
  expect(fetches()).toBeGreaterThan(before);
  expect(seen).not.toContain("secret.1");
  expect(texts()).toEqual([]);
});

test("U7 rows that arrived before the bridge was detached are read again if their fetch fails", async () => {
  const { send, texts, commit, failNext, query, bridge, clock, detach } = await setUp();
  failNext(true);
  query()
    ?.fetch()
    .catch(() => {});
  await clock.advance(20);
  commit(row("c2"));
  send([row("c2")]);
  detach();
  await clock.advance(5_000);
  failNext(false);
  onTestFinished(bridge.attach());
  await clock.advance(20_000);
  expect(texts()).toEqual(["c1.1", "c2.1"]);
});

test.each([
  ["fails", ({ failNext }: Texts) => failNext(true)],
  ["is cancelled", ({ clock, query }: Texts) => clock.after(60, () => void query()?.cancel())],
])("K2 U5 rows that arrive during a first fetch that %s cause one more", async (_what, spoil) => {
  const rig = await setUp();
  const { send, texts, commit, failNext, clock, queryClient, bridge, fetches } = rig;
  spoil(rig);
  void queryClient.resetQueries();
  await clock.advance(50);
  failNext(false);
  commit(row("c2"));
  const before = fetches();
  send([row("c2")]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before + 1);
  expect(texts()).toEqual(["c1.1", "c2.1"]);
  expect(bridge.liveState(JSON.stringify(["texts"]))?.status).toBe("live");
});

test.each([
  ["a fetch", ({ query }: Texts) => void query()?.fetch()],
  ["the first fetch", ({ queryClient }: Texts) => void queryClient.resetQueries()],
])("K3 U6 rows that wait for %s that hangs are shown after 30 s", async (_what, begin) => {
  const rig = await setUp();
  const { send, texts, takes, commit, clock } = rig;
  takes(Number.POSITIVE_INFINITY);
  begin(rig);
  await clock.advance(50);
  takes(100);
  commit(row("c2"));
  send([row("c2")]);
  await clock.advance(29_000);
  expect(texts()).not.toEqual(["c1.1", "c2.1"]);
  await clock.advance(10_000);
  expect(texts()).toEqual(["c1.1", "c2.1"]);
});

test("S0.10 rows do not cancel a fetch that is due", async () => {
  const { send, publish, fetches, clock, query } = await setUp();
  const before = fetches();
  publish(a1, "poll.voted"); // An unknown signal: anything may have changed.
  query()?.invalidate();
  send([row("c1", 2)]);
  expect(query()?.state.isInvalidated).toBe(true);
  await clock.advance(1_000);
  expect(fetches()).toBe(before + 1);
});

test("the data keeps its age, since other rows were not read", async () => {
  const { send, query } = await setUp();
  const { dataUpdatedAt } = query()?.state ?? {};
  send([row("c1", 2)]);
  expect(query()?.state.dataUpdatedAt).toBe(dataUpdatedAt);
});

test("a source beside the entity makes the query fetch", async () => {
  const { queryClient, publish, clock } = await setUp();
  let fetches = 0;
  const options = liveEntities(
    {
      queryKey: ["both"],
      queryFn: async (): Promise<readonly Row[]> => {
        fetches += 1;
        return [];
      },
    },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      sources: [on(a1, "reaction.changed")],
    },
  );
  onTestFinished(new QueryObserver(queryClient, options).subscribe(() => {}));
  await clock.advance(1_000);
  const before = fetches;
  publish(a1, "reaction.changed");
  await clock.advance(1_000);
  expect(fetches).toBe(before + 1);
});

test("liveEntities takes exactly one entity and a query function", () => {
  const rule = { id: () => "", version: () => 0 };
  const queryFn = async (): Promise<readonly Row[]> => [];
  expect(() =>
    liveEntities({ queryFn }, { ...rule, entity: on(a1, "comment.text", "comment.created") }),
  ).toThrow("2 are given");
  expect(() => liveEntities({ queryFn }, { ...rule, entity: on(a1) })).toThrow("0 are given");
  expect(() => liveEntities({}, { ...rule, entity: on(a1, "comment.text") } as never)).toThrow(
    "query function",
  );
});

test("S0.10 K2 fast and slow path never show an older version after a newer one, and end with the newest", async () => {
  const step = fc.oneof(
    // A commit whose rows arrive after so many ms.
    fc.record({ id: fc.constantFrom("c1", "c2", "c3"), lateMs: fc.integer({ min: 0, max: 150 }) }),
    fc.record({ fetch: fc.constant(true) }),
    // The data is gone, and the next fetch is a first one.
    fc.record({ reset: fc.constant(true) }),
    fc.record({ isFailing: fc.boolean() }),
    fc.record({ waitMs: fc.integer({ min: 1, max: 120 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { send, texts, commit, failNext, bridge, clock, queryClient, observer } = await setUp();
      const versions = new Map<string, number>([["c1", 1]]);
      const shown = new Map<string, number>();
      const look = () => {
        for (const { id, version } of queryClient.getQueryData<readonly Row[]>(["texts"]) ?? []) {
          expect(version).toBeGreaterThanOrEqual(shown.get(id) ?? 0);
          shown.set(id, version);
        }
      };
      const stop = observer.subscribe(look);
      let hasRowsSinceReset = false;
      for (const each of steps) {
        if ("id" in each) {
          const version = (versions.get(each.id) ?? 0) + 1;
          versions.set(each.id, version);
          commit(row(each.id, version));
          clock.after(each.lateMs, () => {
            hasRowsSinceReset = true;
            send([row(each.id, version)]);
          });
        } else if ("fetch" in each) bridge.invalidate([["texts"]]);
        else if ("reset" in each) {
          hasRowsSinceReset = false;
          void queryClient.resetQueries();
        } else if ("isFailing" in each) failNext(each.isFailing);
        else await clock.advance(each.waitMs);
        look();
      }
      failNext(false);
      // Longer than the back-off after the failures.
      await clock.advance(20_000);
      look();
      stop();
      // A first fetch that failed is not repeated without a signal.
      if (texts() === undefined) {
        expect(hasRowsSinceReset).toBe(false);
        return;
      }
      expect(texts()?.toSorted()).toEqual(
        [...versions].map(([id, version]) => row(id, version).text).toSorted(),
      );
    }),
    { numRuns: 60 },
  );
});
