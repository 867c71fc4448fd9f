import { expect, test } from "vitest";
import { article, inEpoch, made, setUp } from "../../../../tests/support/rigs/client-rig.ts";

test("without a network the client does not connect; it connects at once when the network is back", async () => {
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

test("a tab that becomes visible shortens a long back-off", async () => {
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

test("a page hidden for 10 s catches up when it is visible again; one hidden for less does not", async () => {
  const { clock, environment, route, listen } = setUp();
  const { received } = listen();
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
  expect(received).toEqual(["gap", "slept"]);
});

/** The ways in which a page resumes after sleep. */
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
  "K11 a page that resumes (%s) catches up, and keeps a socket that answers",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, listen } = bench;
    const { received } = listen();
    await clock.advance(100);
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(5_000);
    expect(received).toEqual(["gap", "slept"]);
    expect([broker.attempts(), client.getState().status]).toEqual([1, "live"]);
  },
);

test.each(awakenings)(
  "K11 a page that resumes (%s) with a dead socket catches up at once, and has another socket within 3 s",
  async (how) => {
    const bench = setUp();
    const { broker, client, clock, route, reports, listen } = bench;
    const { received } = listen();
    await clock.advance(100);
    broker.halfOpen();
    route.append(article.name, made("slept"));
    await wake(how, bench);
    await clock.advance(100);
    expect(received).toEqual(["gap", "slept"]);
    await clock.advance(2_950);
    expect(client.getState().status).toBe("live");
    expect(broker.attempts()).toBe(2);
    expect(reports).toEqual([
      { type: "connection-lost", message: "The broker does not answer within 3 s." },
    ]);
    broker.publish(inEpoch(0), made("s2"));
    expect(received).toEqual(["gap", "slept", "s2"]);
  },
);

test("K11 a page hidden for less than 10 s, or a timer that is a little late, causes neither a ping nor a catch-up", async () => {
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

test("K11 a hidden page does not check for sleep", async () => {
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
