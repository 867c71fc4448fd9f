import { broadcastQueryClient } from "@tanstack/query-broadcast-client-experimental";
import { expect, onTestFinished, test, vi } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";

/** Two tabs that copy their caches to each other by TanStack's broadcast client. */
async function openTabs(readMs: readonly [number, number]) {
  const site = { written: 1 };
  const tabs = readMs.map((ms) => {
    const rig = setUp();
    const running = { now: 0, most: 0 };
    const list = rig.mount("list", [a1], async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      const seen = { rows: [site.written] };
      await new Promise<void>((resolve) => void rig.clock.after(ms, resolve));
      running.now -= 1;
      return seen;
    });
    return { ...rig, list, running };
  });
  const [one, two] = tabs;
  if (one === undefined || two === undefined) throw new Error("There are two tabs.");
  const copies = { sent: 0, received: 0 };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      await Promise.all(tabs.map(({ clock }) => clock.advance(10)));
      // The simulated channel uses real timers.
      const isCopied = () => expect(copies.received).toBe(copies.sent);
      await vi.waitFor(isCopied, { interval: 1 });
    }
  };
  await pass(2_000);
  for (const { queryClient } of tabs) {
    const count = queryClient.getQueryCache().subscribe((event) => {
      if (event.type !== "updated") return;
      if (event.action.type === "success") copies.sent += 1;
      if (event.action.type === "setState") copies.received += 1;
    });
    onTestFinished(count);
    const stop = broadcastQueryClient({
      queryClient,
      broadcastChannel: "shared-cache.test",
      options: { type: "simulate" },
    });
    onTestFinished(stop);
  }
  return { site, one, two, pass, copies };
}

test("U10 K3 data copied from another tab during a fetch does not start a second fetch", async () => {
  const { site, one, two, pass } = await openTabs([20, 300]);
  for (let round = 2; round <= 8; round += 1) {
    site.written = round;
    one.publish();
    await pass(round * 10);
    two.publish();
    await pass(1_500);
    expect([one.list.data(), two.list.data()]).toEqual([{ rows: [round] }, { rows: [round] }]);
  }
  expect([one.running.most, two.running.most]).toEqual([1, 1]);
});

test("U10 tabs that share their caches fetch once each for a signal, and not for each other's fetches", async () => {
  const { site, one, two, pass } = await openTabs([20, 60]);
  const before = [one.list.fetches.length, two.list.fetches.length];
  for (let round = 2; round <= 6; round += 1) {
    site.written = round;
    one.publish();
    two.publish();
    await pass(1_000);
  }
  await pass(5_000);
  expect([one.list.fetches.length, two.list.fetches.length]).toEqual(
    before.map((count) => count + 5),
  );
});

test("U10 a copy that differs from the tab's own data is fetched once", async () => {
  const { one, pass, copies } = await openTabs([20, 20]);
  copies.sent += 1;
  const before = one.list.fetches.length;
  const query = one.list.query();
  query?.setState({ data: { rows: ["older"] }, dataUpdatedAt: Date.now() + 1 });
  await pass(1_000);
  expect(one.list.data()).toEqual({ rows: [1] });
  expect(one.list.fetches.length).toBe(before + 1);
});
