import { expect, test } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";

test('U12 a query with hidden: "read" is current in a hidden tab, and is fetched at the usual pace in a visible one', async () => {
  const { clock, environment, mount, publish, settle } = setUp({ random: () => 0.9 });
  const count = mount("count", [a1], undefined, { hidden: "read" });
  const list = mount("list", [a1]);
  await settle();
  await clock.advance(60_000);
  const before = [count.fetches.length, list.fetches.length];
  environment.set({ visible: false });
  publish();
  await clock.advance(6_000);
  expect([count.fetches.length, list.fetches.length]).toEqual([(before[0] ?? 0) + 1, before[1]]);
  environment.set({ visible: true });
  await settle();
  const seen = [count.fetches.length, list.fetches.length];
  publish();
  await clock.advance(150);
  expect([count.fetches.length, list.fetches.length]).toEqual([
    (seen[0] ?? 0) + 1,
    (seen[1] ?? 0) + 1,
  ]);
});

test("U12 TanStack's refetchIntervalInBackground has the same effect", async () => {
  const { clock, environment, mount, publish, settle } = setUp();
  const count = mount("count", [a1], undefined, {}, { refetchIntervalInBackground: true });
  await settle();
  const before = count.fetches.length;
  environment.set({ visible: false });
  publish();
  await clock.advance(60_000);
  expect(count.fetches.length).toBe(before + 1);
});

test("U12 with many signals a hidden tab fetches at most once in 15 s, and a visible one at once", async () => {
  const { clock, environment, mount, publish, settle } = setUp({ random: () => 0 });
  const count = mount("count", [a1], undefined, { hidden: "read" });
  await settle();
  const before = count.fetches.length;
  environment.set({ visible: false });
  for (let second = 0; second < 300; second += 1) {
    publish();
    await clock.advance(1_000);
  }
  const reads = count.fetches.length - before;
  expect(reads).toBeGreaterThanOrEqual(19);
  expect(reads).toBeLessThanOrEqual(21);
  publish();
  environment.set({ visible: true });
  await clock.advance(150);
  expect(count.fetches.length).toBe(before + reads + 1);
});
