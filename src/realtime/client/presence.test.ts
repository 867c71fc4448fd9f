import { expect, test } from "vitest";
import { article, made, moved, setUp } from "./client-rig.ts";

test("without network nothing is tried; when it is back, at once", async () => {
  const { broker, client, clock, environment, listen } = setUp();
  listen();
  await clock.advance(100);
  environment.set({ online: false });
  expect(client.getState()).toMatchObject({ status: "offline", reason: "no-network" });
  expect(broker.sockets.size).toBe(0);
  await clock.advance(3_600_000);
  expect(broker.attempts()).toBe(1);
  environment.set({ online: true });
  await clock.advance(100);
  expect(client.getState().status).toBe("live");
});

test("a tab that is looked at again does not sit out a long wait", async () => {
  const { broker, client, clock, environment, listen } = setUp();
  listen();
  await clock.advance(100);
  broker.stop();
  await clock.advance(120_000);
  broker.start();
  environment.set({ visible: false });
  environment.set({ visible: true });
  await clock.advance(500);
  expect(client.getState().status).toBe("live");
});

test("a page that was hidden for 10 s asks what it slept through; a glance aside asks nothing", async () => {
  const { clock, environment, route, listen } = setUp();
  const { heard } = listen();
  await clock.advance(100);
  route.append(article.name, made("slept"));
  environment.set({ visible: false });
  await clock.advance(9_000);
  environment.set({ visible: true });
  await clock.advance(100);
  expect(route.of("catch-up")).toHaveLength(1);
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
  await clock.advance(100);
  expect(heard).toEqual(["gap", "slept"]);
});

/** Everything that may come after a sleep. */
const awakenings = [
  "after 10 s in the background",
  "out of the cache",
  "a jump of the clock",
] as const;

async function wake(
  how: (typeof awakenings)[number],
  { clock, environment }: ReturnType<typeof setUp>,
) {
  if (how === "out of the cache") return environment.resume();
  if (how === "a jump of the clock") {
    clock.sleep(60_000);
    return clock.advance(10_000);
  }
  environment.set({ visible: false });
  await clock.advance(10_000);
  environment.set({ visible: true });
}

test.each(awakenings)(
  "K11 a page that wakes up (%s) asks what it slept through, on the socket that answers",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, listen } = bench;
    const { heard } = listen();
    await clock.advance(100);
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(5_000);
    expect(heard).toEqual(["gap", "slept"]);
    expect([broker.attempts(), client.getState().status]).toEqual([1, "live"]);
  },
);

test.each(awakenings)(
  "K11 a page that wakes up (%s) beside a dead socket knows at once what it slept through, and has another within 3 s",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, reports, listen } = bench;
    const { heard } = listen();
    await clock.advance(100);
    broker.halfOpen();
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(100);
    expect(heard).toEqual(["gap", "slept"]);
    await clock.advance(2_950);
    expect(client.getState().status).toBe("live");
    expect(broker.attempts()).toBe(2);
    expect(reports).toEqual([
      { type: "connection-lost", message: "The broker does not answer within 3 s." },
    ]);
    broker.publish(moved(0), made("s2"));
    expect(heard).toEqual(["gap", "slept", "s2"]);
  },
);

test("K11 a glance aside, or a timer that is a little late, asks nobody anything", async () => {
  const { clock, environment, pings, route, listen } = setUp();
  listen();
  await clock.advance(100);
  const asked = pings();
  environment.set({ visible: false });
  await clock.advance(9_000);
  environment.set({ visible: true });
  clock.sleep(9_000);
  await clock.advance(30_000);
  expect([pings(), route.of("catch-up").length]).toEqual([asked, 1]);
});

test("K11 a page that is not looked at sleeps in peace", async () => {
  const { clock, environment, pings, route, listen } = setUp();
  listen();
  await clock.advance(100);
  environment.set({ visible: false });
  const asked = pings();
  for (let minute = 0; minute < 10; minute += 1) {
    clock.sleep(60_000);
    await clock.advance(1_000);
  }
  expect([pings(), route.of("catch-up").length]).toEqual([asked, 1]);
});
