import { expect, test } from "vitest";
import { limits } from "../../protocol/limits.ts";
import { createFakeClock, settlePromises } from "../../testing/fakes/fake-clock.ts";
import { createSpread } from "./spread.ts";

const minuteMs = 60_000;

/** A broker with `clients` clients on `channelsEach` channels each, one of them shared by all. */
function setUp({ tells = true } = {}) {
  const clock = createFakeClock();
  let looks = 0;
  let clients = 0;
  let channelsEach = 1;
  let isAway = false;
  const list = async () => {
    looks += 1;
    if (isAway) throw new Error("The broker is away.");
    const own = Array.from(
      { length: clients * (channelsEach - 1) },
      (_, index) => [`private-user.${index}.e0`, 1] as const,
    );
    return new Map<string, number>([["private-page.1.e0", clients], ...own]);
  };
  const spread = createSpread({ broker: tells ? { countSubscriptions: list } : {}, clock });
  return {
    clock,
    spread,
    looks: () => looks,
    /** One of `size` connected clients sends a join request. */
    ask: async (size: number, each = 1, session = "s1") => {
      clients = size;
      channelsEach = each;
      spread.joined(session, each);
      await settlePromises();
    },
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
}

test.each([
  [1, 5],
  [10, 50],
  [1_000, 5_000],
  [1_000_000, limits.spreadMs],
])("H2 %i clients reconnect over %i ms", async (clients, spreadMs) => {
  const { spread, ask } = setUp();
  await ask(clients);
  expect([spread.spreadMs(), spread.spreadMsOn("private-page.1.e0")]).toEqual([spreadMs, spreadMs]);
});

test("the number of clients is the number of subscriptions divided by channels per request", async () => {
  const { spread, ask } = setUp();
  await ask(200, 10);
  expect(spread.spreadMs()).toBe(1_000);
  expect(spread.spreadMsOn("private-user.7.e0")).toBe(5);
});

test("H3 no request waits for the broker, and its counts are read at most once in 5 s", async () => {
  const { spread, clock, ask, looks } = setUp();
  spread.joined("s1", 1);
  expect(spread.spreadMs()).toBe(5);
  for (let index = 0; index < 50; index += 1) await ask(10);
  expect(looks()).toBe(1);
  await clock.advance(5_000);
  await ask(10);
  expect(looks()).toBe(2);
});

test("the spread uses the number of clients before an outage for at least five minutes", async () => {
  const { spread, clock, ask } = setUp();
  await ask(1_000);
  await clock.advance(4 * minuteMs);
  await ask(3);
  expect(spread.spreadMs()).toBe(5_000);
  await clock.advance(5 * minuteMs);
  await ask(3);
  await clock.advance(5 * minuteMs);
  await ask(3);
  expect(spread.spreadMs()).toBe(15);
  await ask(1_000);
  await clock.advance(60 * minuteMs);
  expect(spread.spreadMs()).toBe(0);
});

test("sessions are counted when the broker has no counts", async () => {
  const { spread, clock, ask } = setUp({ tells: false });
  for (let index = 0; index < 400; index += 1) await ask(0, 2, `s${index % 200}`);
  expect(spread.spreadMs()).toBe(1_000);
  expect(spread.spreadMsOn("private-page.1.e0")).toBeUndefined();
  for (let index = 0; index < 20_000; index += 1) spread.joined(`t${index}`, 2);
  expect(spread.spreadMs()).toBe(limits.spreadMs);
  await clock.advance(11 * minuteMs);
  expect(spread.spreadMs()).toBe(0);
});

test("H3 sessions are counted while the broker is unreachable", async () => {
  const { spread, clock, ask, setAway } = setUp();
  setAway(true);
  for (let index = 0; index < 20; index += 1) await ask(0, 1, `s${index}`);
  expect(spread.spreadMs()).toBe(100);
  setAway(false);
  await clock.advance(5_000);
  await ask(1_000);
  expect(spread.spreadMs()).toBe(5_000);
});
