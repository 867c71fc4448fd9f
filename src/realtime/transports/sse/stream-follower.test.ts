import { expect, test } from "vitest";
import type { Relay } from "../../server/relay/create-relay.ts";
import type { RelayHealth } from "../../server/relay/relay-events.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createSseHub } from "./hub.ts";
import { createStreamFollower } from "./stream-follower.ts";

/** A follower whose relays catch up and stop when the test decides. */
function setUp({ isStarted = true } = {}) {
  const clock = createFakeClock();
  const hub = createSseHub({ secret: "a secret of at least 32 characters", clock, now: clock.now });
  const log: string[] = [];
  const relays: { caughtUp: () => void; stopped: () => void }[] = [];
  const follower = createStreamFollower({
    hub,
    clock,
    relay: (broker): Relay => {
      const name = `relay ${relays.length + 1}`;
      let stopped = () => {};
      const isStopped = new Promise<void>((resolve) => {
        stopped = () => {
          log.push(`${name} has stopped`);
          resolve();
        };
      });
      relays.push({ caughtUp: () => broker.caughtUp?.(), stopped });
      return {
        start: () => log.push(`${name} starts`),
        stop: () => {
          log.push(`${name} stops`);
          return isStopped;
        },
        wake: () => log.push(`${name} wakes`),
        health: () => ({ state: "leading" }) as RelayHealth,
      };
    },
  });
  if (isStarted) follower.start();
  const open = () =>
    hub.open({
      viewer: { id: "ada" },
      isValid: async () => true,
      request: { v: 1, socketId: null, channels: [] },
      sink: { write: () => {}, queuedBytes: () => 0, end: () => {}, drop: () => {} },
    });
  /** A stream of which the log is followed. */
  const follow = async () => {
    const ready = follower.ready();
    relays.at(-1)?.caughtUp();
    await ready;
    return open();
  };
  return { clock, hub, log, relays, follower, open, follow };
}

test("E14 streams that open at the same time wait for one relay, until it has read the end of the log", async () => {
  const { clock, log, relays, follower } = setUp();
  const isReady: number[] = [];
  const all = [1, 2, 3].map(async (each) => {
    await follower.ready();
    isReady.push(each);
  });
  await clock.advance(1_000);
  expect(log).toEqual(["relay 1 starts"]);
  expect(isReady).toEqual([]);
  relays[0]?.caughtUp();
  await Promise.all(all);
  expect(isReady).toEqual([1, 2, 3]);
  follower.wake();
  expect(log).toEqual(["relay 1 starts", "relay 1 wakes"]);
});

test("E14 the relay stops half a minute after the last stream has closed, and not earlier", async () => {
  const { clock, log, follower, follow, open } = setUp();
  const close = await follow();
  await clock.advance(120_000);
  const another = open();
  close();
  await clock.advance(60_000);
  another();
  await clock.advance(29_000);
  expect(log).toEqual(["relay 1 starts"]);
  expect(follower.health().state).toBe("leading");
  await clock.advance(2_000);
  expect(log).toEqual(["relay 1 starts", "relay 1 stops"]);
  expect(follower.health().state).toBe("resting");
  expect(clock.pending()).toBe(0);
});

test("E14 a stream that opens while the relay stops gets another relay, after the first has stopped", async () => {
  const { clock, log, relays, follow, follower } = setUp();
  (await follow())();
  await clock.advance(31_000);
  let isReady = false;
  const ready = follower.ready().then(() => {
    isReady = true;
  });
  await clock.advance(1_000);
  expect(log).toEqual(["relay 1 starts", "relay 1 stops"]);
  relays[0]?.caughtUp();
  await clock.advance(1_000);
  expect(isReady).toBe(false);
  relays[0]?.stopped();
  await clock.advance(0);
  expect(log).toEqual(["relay 1 starts", "relay 1 stops", "relay 1 has stopped", "relay 2 starts"]);
  relays[1]?.caughtUp();
  await ready;
});

test("E14 a stream is refused when the log cannot be followed within five seconds, and the relay goes on", async () => {
  const { clock, log, relays, follower } = setUp();
  const refused = expect(follower.ready()).rejects.toThrow(/signal log did not answer in 5000 ms/);
  await clock.advance(5_000);
  await refused;
  const ready = follower.ready();
  relays[0]?.caughtUp();
  await ready;
  expect(log).toEqual(["relay 1 starts"]);
});

test("E10 a follower that is stopped refuses streams, also those that wait", async () => {
  const { clock, log, relays, follower } = setUp();
  const waiting = expect(follower.ready()).rejects.toThrow("no longer followed");
  await clock.advance(0);
  const stopping = follower.stop();
  await waiting;
  await expect(follower.ready()).rejects.toThrow("Call `start`");
  relays[0]?.stopped();
  await stopping;
  expect(log).toEqual(["relay 1 starts", "relay 1 stops", "relay 1 has stopped"]);
  expect(follower.health().state).toBe("stopped");
  expect(clock.pending()).toBe(0);
});

test("E14 a follower that was stopped at once, or never started, starts no relay", async () => {
  const never = setUp({ isStarted: false });
  await expect(never.follower.ready()).rejects.toThrow("Call `start`");
  const { clock, log, relays, follower } = setUp();
  const waiting = expect(follower.ready()).rejects.toThrow("no longer followed");
  const stopping = follower.stop();
  relays[0]?.stopped();
  await stopping;
  await waiting;
  await clock.advance(10_000);
  expect(log).not.toContain("relay 1 starts");
});

test("K14 without a stream nothing is late, and with one the age of the relay counts", async () => {
  const { clock, hub, follow } = setUp();
  await clock.advance(60_000);
  expect(await hub.relayAgeMs?.()).toBe(0);
  const close = await follow();
  await clock.advance(60_000);
  expect(await hub.relayAgeMs?.()).toBe(60_000);
  close();
  await clock.advance(31_000);
  expect(await hub.relayAgeMs?.()).toBe(0);
});
