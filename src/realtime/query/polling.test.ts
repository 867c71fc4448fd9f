import fc from "fast-check";
import { expect, test } from "vitest";
import { a1, setUp, site } from "../../../tests/support/rigs/bridge-rig.ts";
import type { RealtimeClientOptions } from "../client/realtime-client.ts";
import type { LiveFor } from "../protocol/rollout.ts";

const on: LiveFor = { kinds: ["article"], phases: [1] };
const off: LiveFor = { kinds: [], phases: [] };
/** Enough time to reconnect and to fetch after the gap. */
const recoverMs = 60_000;
/** Enough time for ten polls, one more or less at each end. */
const longMs = 310_000;
const expectPolled = (reads: number) => {
  expect(reads).toBeGreaterThanOrEqual(9);
  expect(reads).toBeLessThanOrEqual(11);
};

/** Enough time for ten slow polls. */
const slowLongMs = 3_010_000;
const expectSlow = expectPolled;

/** A live page with one query. Counts its fetches and polls. */
async function openPage(options: Pick<RealtimeClientOptions, "rollout"> = {}) {
  /** State of the client at each poll. */
  const polledIn: string[] = [];
  const rig = setUp({
    ...options,
    onTrace: ({ type }) => type === "poll" && polledIn.push(rig.client.getState().status),
  });
  const { broker, clock, environment, route } = rig;
  route.setLive(on);
  let written = 0;
  const { data, fetches } = rig.mount("list", [a1], async () => written);
  await clock.advance(recoverMs);
  return {
    broker,
    route,
    clock,
    environment,
    polledIn,
    status: rig.client.getState,
    shown: data,
    written: () => written,
    write: () => {
      written += 1;
      rig.publish();
    },
    /** Number of fetches during this time. */
    readsDuring: async (ms: number) => {
      const before = fetches.length;
      await clock.advance(ms);
      return fetches.length - before;
    },
  };
}

test("K6 an interruption of a few seconds causes no poll", async () => {
  const { broker, clock, polledIn, readsDuring } = await openPage();
  broker.stop();
  await clock.advance(10_000);
  broker.start();
  expect(await readsDuring(recoverMs)).toBe(0);
  expect(await readsDuring(longMs)).toBe(0);
  expect(polledIn).toEqual([]);
});

test("K6 polling stops without a network, goes on when the network is back, and ends when delivery is back", async () => {
  const { broker, clock, environment, readsDuring, status } = await openPage();
  broker.stop();
  expectPolled(await readsDuring(longMs));

  environment.set({ online: false });
  expect(await readsDuring(longMs)).toBe(0);
  expect(status()).toMatchObject({ status: "offline", reason: "no-network" });

  environment.set({ online: true });
  expectPolled(await readsDuring(longMs));

  broker.start();
  await clock.advance(recoverMs);
  expect(status().status).toBe("live");
  expect(await readsDuring(longMs)).toBe(0);
});

test("K6 a page that loses its network while it is live does not poll, then or later", async () => {
  const { environment, polledIn, readsDuring, shown, write } = await openPage();
  environment.set({ online: false });
  write();
  expect(await readsDuring(longMs)).toBe(0);
  environment.set({ online: true });
  expect(await readsDuring(recoverMs)).toBe(1);
  expect(shown()).toBe(1);
  expect(await readsDuring(longMs)).toBe(0);
  expect(polledIn).toEqual([]);
});

test("K6 a hidden page does not poll, and fetches once as soon as it is visible again", async () => {
  const { broker, environment, readsDuring, shown, write } = await openPage();
  broker.stop();
  environment.set({ visible: false });
  write();
  expect(await readsDuring(longMs)).toBe(0);
  environment.set({ visible: true });
  expect(await readsDuring(1_000)).toBe(1);
  expect(shown()).toBe(1);
  expectPolled(await readsDuring(longMs));
});

test("K6 a page restored from the back/forward cache while delivery is down fetches once at once, and polls on", async () => {
  const { broker, clock, environment, readsDuring, shown, write } = await openPage();
  broker.stop();
  await clock.advance(5_000);
  clock.sleep(longMs);
  write();
  environment.resume();
  expect(await readsDuring(1_000)).toBe(1);
  expect(shown()).toBe(1);
  expectPolled(await readsDuring(longMs));
});

test("K6 a page restored from the back/forward cache after delivery is back catches up, and does not poll", async () => {
  const { broker, clock, environment, readsDuring, shown, status, write } = await openPage();
  broker.stop();
  await clock.advance(5_000);
  write();
  clock.sleep(longMs);
  broker.start();
  environment.resume();
  await clock.advance(recoverMs);
  expect(status().status).toBe("live");
  expect(shown()).toBe(1);
  expect(await readsDuring(longMs)).toBe(0);
});

test("K6 queries are polled while the route fails, as while the broker is away", async () => {
  const { broker, clock, readsDuring, route, status } = await openPage();
  broker.stop();
  await clock.advance(5_000);
  route.failWith({ status: 503 });
  broker.start();
  await clock.advance(recoverMs);
  expect(status()).toMatchObject({ status: "degraded", cause: "channels" });
  expectPolled(await readsDuring(longMs));
  route.failWith(undefined);
  await clock.advance(recoverMs);
  expect(status().status).toBe("live");
  expect(await readsDuring(longMs)).toBe(0);
});

test("K6 K5 after a sign-out nothing is polled, whether delivery was down before or not", async () => {
  for (const isDown of [false, true]) {
    const { broker, clock, polledIn, readsDuring, route, status } = await openPage();
    broker.stop();
    if (isDown) await clock.advance(longMs);
    route.failWith({ status: 401, code: "unauthenticated" });
    broker.start();
    await clock.advance(recoverMs);
    expect(status()).toMatchObject({ status: "offline", reason: "signed-out" });
    polledIn.splice(0);
    broker.stop();
    expect(await readsDuring(longMs)).toBe(0);
    expect(polledIn).toEqual([]);
  }
});

test("U3 K6 a query that is switched off polls slowly, from the start or after an outage, and stops when it is on", async () => {
  const never = await openPage({ rollout: { live: off, control: site } });
  never.route.setLive(off);
  await never.clock.advance(recoverMs);
  never.broker.stop();
  expectSlow(await never.readsDuring(slowLongMs));

  const { broker, clock, readsDuring, route, status } = await openPage({
    rollout: { live: on, control: site },
  });
  broker.stop();
  expectPolled(await readsDuring(longMs));
  route.setLive(off);
  await clock.advance(recoverMs);
  expect(status()).toMatchObject({ status: "offline", reason: "off" });
  expectSlow(await readsDuring(slowLongMs));
  route.setLive(on);
  await clock.advance(recoverMs);
  expectPolled(await readsDuring(longMs));
});

test("K6 K1 in any order of failures and recoveries a page polls only while delivery is down, and is current in the end", async () => {
  const steps = fc.array(
    fc.oneof(
      fc.constantFrom("stop", "start", "offline", "online", "hide", "show", "write"),
      fc.constantFrom("fail", "answer", "resume", "forget"),
      fc.record({ pass: fc.integer({ min: 0, max: 90_000 }) }),
      fc.record({ sleep: fc.integer({ min: 0, max: 90_000 }) }),
    ),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const page = await openPage();
      const { broker, clock, environment, polledIn, readsDuring, route } = page;
      const take: Record<string, () => void> = {
        stop: broker.stop,
        start: broker.start,
        offline: () => environment.set({ online: false }),
        online: () => environment.set({ online: true }),
        hide: () => environment.set({ visible: false }),
        show: () => environment.set({ visible: true }),
        write: page.write,
        fail: () => route.failWith({ status: 503 }),
        answer: () => route.failWith(undefined),
        resume: environment.resume,
        forget: route.forget,
      };
      for (const step of taken) {
        if (typeof step === "string") take[step]?.();
        else if ("pass" in step) await clock.advance(step.pass);
        else clock.sleep(step.sleep);
      }
      broker.start();
      route.failWith(undefined);
      environment.set({ online: true, visible: true });
      await clock.advance(2 * recoverMs);
      expect(page.status().status).toBe("live");
      expect(page.shown()).toBe(page.written());
      expect(await readsDuring(longMs)).toBe(0);
      expect(polledIn.filter((status) => status !== "degraded")).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 30_000);
