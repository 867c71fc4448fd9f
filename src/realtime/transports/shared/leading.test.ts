import { expect, test } from "vitest";
import { type Page, setUp } from "../../../../tests/support/rigs/tabs-rig.ts";

test.each<[string, (leader: Page, setup: ReturnType<typeof setUp>) => void]>([
  ["closes its connection", (leader) => leader.close()],
  ["is left", (leader) => leader.tab.leave()],
  ["crashes", (leader) => leader.tab.crash()],
  ["is frozen", (leader) => leader.tab.freeze()],
  ["loses its socket", (_leader, { broker }) => broker.cut()],
])(
  "T3 when the leading tab %s, another leads within a second and all tabs are subscribed",
  async (_how, go) => {
    const context = setUp();
    const { leader, followers } = await context.openPages(3);
    go(leader, context);
    await context.clock.advance(1_000);
    expect(context.broker.sockets.size).toBe(1);
    expect(context.broker.attempts()).toBe(2);
    for (const page of followers) {
      expect(page.lost).toHaveLength(1);
      expect(page.socketId()).toBe("1.2");
      expect(page.acknowledged()).toEqual(["private-a.e0"]);
    }
  },
);

test("T3 a leading tab that was frozen is a follower after it resumes", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader } = await openPages(2);
  leader.tab.freeze();
  await clock.advance(60_000);
  leader.tab.resume();
  await clock.advance(1_000);
  expect(leader.socketId()).toBe("1.2");
  expect(leader.acknowledged()).toEqual(["private-a.e0"]);
  expect(broker.sockets.size).toBe(1);
});

test("T4 a leading tab that hangs is replaced within 10 s, and is a follower when it works again", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(3);
  leader.tab.hang();
  await clock.advance(10_000);
  for (const page of followers) {
    expect(page.socketId()).toBe("1.2");
    expect(page.acknowledged()).toEqual(["private-a.e0"]);
  }
  leader.tab.resume();
  await clock.advance(1_000);
  expect(broker.sockets.size).toBe(1);
  expect(leader.socketId()).toBe("1.2");
  for (const page of followers) expect(page.lost).toHaveLength(1);
});

test("T4 a tab opened while the leading tab hangs does not wait for it", async () => {
  const { openPages, openPage, clock } = setUp();
  const { leader } = await openPages(1);
  leader.tab.hang();
  const late = openPage();
  await clock.advance(5_000);
  expect(late.socketId()).toBe("1.2");
});

test("T4 a tab that was suspended does not replace its leader", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  const [sleeper] = followers;
  await clock.advance(4_000);
  sleeper?.tab.hang();
  await clock.advance(60_000);
  sleeper?.tab.resume();
  await clock.advance(20_000);
  expect(broker.attempts()).toBe(1);
  expect([leader.lost, sleeper?.lost]).toEqual([[], []]);
});

test("T4 after the computer slept no leader is replaced, although timers run before messages", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  leader.tab.hang();
  await clock.advance(5_000); // the follower waits for the leader's answer
  for (const page of followers) page.tab.hang();
  await clock.advance(60_000);
  for (const page of [...followers, leader]) page.tab.resume();
  await clock.advance(20_000);
  expect(broker.attempts()).toBe(1);
  for (const page of [leader, ...followers]) expect(page.lost).toEqual([]);
});

test("a leading tab that was hidden for five minutes gives way to a visible tab", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  leader.tab.setVisible(false);
  await clock.advance(4 * 60_000);
  expect(broker.attempts()).toBe(1);
  await clock.advance(2 * 60_000);
  expect(broker.attempts()).toBe(2);
  expect(broker.sockets.size).toBe(1);
  expect(followers[0]?.acknowledged()).toEqual(["private-a.e0"]);
});

test("hidden tabs do not ask a hidden leader to give way", async () => {
  const { openPages, clock, broker } = setUp();
  const { leader, followers } = await openPages(2);
  for (const page of [leader, ...followers]) page.tab.setVisible(false);
  await clock.advance(20 * 60_000);
  expect(broker.attempts()).toBe(1);
});

test("T7 a follower's ping is answered through its leader, and by no other tab", async () => {
  const { clock, openPages } = setUp();
  const { leader, followers } = await openPages(3);
  followers[0]?.ping();
  leader.ping();
  await clock.advance(10);
  expect([leader, ...followers].map(({ received }) => received)).toEqual([["pong"], ["pong"], []]);
  await clock.advance(60_000);
  expect([leader, ...followers].flatMap(({ lost }) => lost)).toEqual([]);
});

test("T7 a missing pong disconnects all tabs, and all share the next connection", async () => {
  const { broker, clock, openPages, subscribed } = setUp();
  const { leader, followers } = await openPages(3);
  broker.halfOpen();
  followers[1]?.ping();
  await clock.advance(2_100);
  for (const page of [leader, ...followers]) {
    expect(page.lost).toEqual([{ reason: "lost", message: "The broker does not answer." }]);
  }
  await clock.advance(500);
  for (const page of [leader, ...followers]) expect(page.acknowledged()).toEqual(["private-a.e0"]);
  // The broker has not removed the dead socket yet.
  expect(subscribed().at(-1)).toEqual(["private-a.e0"]);
  expect(broker.attempts()).toBe(2);
});
