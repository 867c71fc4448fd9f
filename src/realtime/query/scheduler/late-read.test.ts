import { expect, onTestFinished, test } from "vitest";
import { a1, setUp } from "../../../../tests/support/rigs/bridge-rig.ts";

/** A page whose fetches hang while `hangs` is set. Cancelling them works. */
async function openPage(lateReadMs?: number) {
  const rig = setUp(lateReadMs === undefined ? {} : { lateReadMs });
  const site = { hangs: false, written: 1 };
  const list = rig.mount("list", [a1], () => {
    const seen = site.written;
    return site.hangs ? new Promise(() => {}) : Promise.resolve(seen);
  });
  await rig.settle();
  return {
    ...rig,
    site,
    list,
    write: () => {
      site.written += 1;
      rig.publish();
    },
  };
}

test("U6 K3 a late fetch is cancelled if a newer one is wanted, and only then", async () => {
  const { clock, list, site, write } = await openPage();
  site.hangs = true;
  write();
  await clock.advance(60_000);
  expect(list.aborted).toEqual([]);
  site.hangs = false;
  write();
  await clock.advance(6_000);
  expect(list.aborted).toHaveLength(1);
  expect(list.data()).toBe(site.written);
  expect(list.state().status).toBe("live");
});

test("U6 K3 no fetch is cancelled before it is late, however many signals arrive", async () => {
  const { clock, list, site, write } = await openPage(40_000);
  site.hangs = true;
  write();
  await clock.advance(100);
  for (let second = 0; second < 39; second += 1) {
    write();
    await clock.advance(1_000);
  }
  expect(list.aborted).toEqual([]);
  site.hangs = false;
  await clock.advance(6_000);
  expect(list.aborted).toHaveLength(1);
  expect(list.data()).toBe(site.written);
});

test("U6 a query whose fetches always take longer than the limit gets more time, until one succeeds", async () => {
  const { clock, mount, publish, settle } = setUp();
  const list = mount("list", [a1], (n) => {
    return new Promise((resolve) => void clock.after(n === 1 ? 10 : 50_000, () => resolve(n)));
  });
  await settle();
  for (let second = 0; second < 200; second += 1) {
    publish();
    await clock.advance(1_000);
  }
  expect(list.data()).toBeGreaterThan(1);
});

test("U6 a late fetch of a query that no component shows is cancelled when it is shown again", async () => {
  const { clock, environment, list, site, write } = await openPage();
  site.hangs = true;
  write();
  await clock.advance(100);
  environment.set({ visible: false });
  write();
  await clock.advance(120_000);
  expect(list.aborted).toEqual([]);
  site.hangs = false;
  environment.set({ visible: true });
  await clock.advance(6_000);
  expect(list.data()).toBe(site.written);
});

test("U5 S3.30 a query whose fetch is overdue is not live until a fetch has succeeded", async () => {
  const { bridge, clock, client, list, site, write } = await openPage();
  let changes = 0;
  onTestFinished(
    bridge.onLiveStateChange(() => {
      changes += 1;
    }),
  );
  expect(list.state().status).toBe("live");
  site.hangs = true;
  write();
  await clock.advance(9_000);
  expect(list.state().status).toBe("live");
  await clock.advance(7_000);
  expect(list.state().status).toBe("not-live");
  expect(client.getState().status).toBe("live");
  expect(bridge.pageState()).toMatchObject({
    status: "partly-live",
    liveQueries: 0,
    notLive: [{ queryHash: '["list"]', state: { status: "not-live" } }],
  });
  expect(changes).toBeGreaterThan(0);
  site.hangs = false;
  write();
  await clock.advance(40_000);
  expect(list.state().status).toBe("live");
  expect(bridge.pageState().status).toBe("live");
});

test("U5 S3.30 a query whose fetch failed is not live until a later fetch has succeeded", async () => {
  const { clock, mount, publish, settle } = setUp();
  const site = { fails: false };
  const list = mount("list", [a1], async (n) => {
    if (site.fails) throw new Error("refused");
    return n;
  });
  await settle();
  site.fails = true;
  publish();
  await clock.advance(200);
  expect(list.state().status).toBe("not-live");
  site.fails = false;
  await clock.advance(60_000);
  expect(list.state().status).toBe("live");
});

test("U5 a query that waits too long in the queue is overdue", async () => {
  const { clock, mount, publish, settle } = setUp();
  const site = { hangs: false };
  const lists = Array.from({ length: 30 }, (_, index) =>
    mount(`list ${index}`, [a1], async (n) => (site.hangs ? new Promise(() => {}) : n)),
  );
  await settle();
  site.hangs = true;
  publish();
  await clock.advance(20_000);
  expect(lists.map((list) => list.state().status)).toEqual(lists.map(() => "not-live"));
});
