import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { a1 } from "../../../../tests/support/rigs/bridge-rig.ts";
import {
  type Row,
  row,
  setUp,
  type Texts,
} from "../../../../tests/support/rigs/live-entities-rig.ts";

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

test("S0.9 a row that a fetch removed is put back by a newer version only", async () => {
  const { send, texts, commit, empty, bridge, clock } = await setUp();
  send([row("c1", 4), row("c2", 2)]);
  empty();
  bridge.invalidate([["texts"]]);
  await clock.advance(90);
  send([row("c1", 4)]); // Kept until the fetch ends.
  await clock.advance(1_000);
  expect(texts()).toEqual([]);
  send([row("c1", 3), row("c2", 2), row("c3")]);
  expect(texts()).toEqual(["c3.1"]);
  send([row("c1", 5)]);
  expect(texts()).toEqual(["c3.1", "c1.5"]);
  commit(row("c2", 1));
  bridge.invalidate([["texts"]]);
  await clock.advance(1_000);
  send([row("c2", 2)]);
  // What a fetch returns is the truth, e.g. after the database was restored.
  expect(texts()).toEqual(["c2.2"]);
});

test("S0.9 S0.16 a row that was purged is put back by a newer version only", async () => {
  const { send, texts, empty, revoke, allow, failNext, query, bridge, clock } = await setUp();
  send([row("c1", 4)]);
  empty();
  failNext(true);
  revoke();
  await clock.advance(1_000);
  expect(bridge.liveState(JSON.stringify(["texts"]))?.status).toBe("denied");
  failNext(false);
  allow();
  void query()?.fetch(); // A viewer who can read again joins again.
  await clock.advance(1_000);
  expect(bridge.liveState(JSON.stringify(["texts"]))?.status).toBe("live");
  send([row("c1", 3)]);
  expect(texts()).toEqual([]);
  send([row("c1", 5)]);
  expect(texts()).toEqual(["c1.5"]);
});

test("S0.9 a row that was set by hand, and that a fetch removed, is not put back", async () => {
  const { send, texts, empty, bridge, clock, queryClient } = await setUp();
  queryClient.setQueryData(["texts"], [row("c1", 2)]);
  empty();
  bridge.invalidate([["texts"]]);
  await clock.advance(1_000);
  send([row("c1", 2)]);
  expect(texts()).toEqual([]);
});

test("S0.9 versions of the last thousand rows that left the list are remembered", async () => {
  const { send, texts, empty, bridge, clock } = await setUp();
  const ids = Array.from({ length: 1_001 }, (_, index) => `gone ${index}`);
  send(ids.map((id) => row(id)));
  empty();
  bridge.invalidate([["texts"]]);
  await clock.advance(1_000);
  send([row("gone 1"), row("gone 1000")]);
  expect(texts()).toEqual([]);
  send([row("c1")]);
  expect(texts()).toEqual(["c1.1"]);
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

test("S0.10 K2 fast and slow path never show an older version after a newer one, and end with the newest", async () => {
  const latestMs = 500;
  const step = fc.oneof(
    // A commit whose rows arrive after so many ms.
    fc.record({
      id: fc.constantFrom("c1", "c2", "c3"),
      lateMs: fc.integer({ min: 0, max: latestMs }),
    }),
    fc.record({ fetch: fc.constant(true) }),
    // Fetches show two versions and then no row, before the rows arrive. The signal of the removal arrives after them.
    fc.record({ removed: fc.constantFrom("c1", "c2", "c3") }),
    // The data is gone, and the next fetch is a first one.
    fc.record({ reset: fc.constant(true) }),
    fc.record({ isFailing: fc.boolean() }),
    fc.record({ waitMs: fc.integer({ min: 1, max: 120 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { send, texts, commit, remove, table, failNext, bridge, clock, queryClient, observer } =
        await setUp();
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
      const change = (id: string, lateMs: number) => {
        const version = (versions.get(id) ?? 0) + 1;
        versions.set(id, version);
        commit(row(id, version));
        clock.after(lateMs, () => {
          hasRowsSinceReset = true;
          send([row(id, version)]);
        });
      };
      for (const each of steps) {
        if ("id" in each) change(each.id, each.lateMs);
        else if ("fetch" in each) bridge.invalidate([["texts"]]);
        else if ("removed" in each) {
          change(each.removed, 250);
          change(each.removed, latestMs);
          void queryClient.refetchQueries();
          await clock.advance(100);
          remove(each.removed);
          void queryClient.refetchQueries();
          await clock.advance(100);
          clock.after(latestMs, () => bridge.invalidate([["texts"]]));
        } else if ("reset" in each) {
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
        table()
          .map(({ text }) => text)
          .toSorted(),
      );
    }),
    { numRuns: 100 },
  );
});
