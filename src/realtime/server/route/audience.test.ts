import { expect, test } from "vitest";
import { limits } from "../../protocol/limits.ts";
import { createFakeClock, settlePromises } from "../../testing/fakes/fake-clock.ts";
import { createAudience } from "./audience.ts";

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
  const audience = createAudience({ broker: tells ? { audience: list } : {}, clock });
  return {
    clock,
    audience,
    looks: () => looks,
    /** One of `size` connected clients sends a join request. */
    ask: async (size: number, each = 1, session = "s1") => {
      clients = size;
      channelsEach = each;
      audience.asked(session, each);
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
  const { audience, ask } = setUp();
  await ask(clients);
  expect([audience.spreadMs(), audience.spreadMsOn("private-page.1.e0")]).toEqual([
    spreadMs,
    spreadMs,
  ]);
});

test("the number of clients is the number of subscriptions divided by channels per request", async () => {
  const { audience, ask } = setUp();
  await ask(200, 10);
  expect(audience.spreadMs()).toBe(1_000);
  expect(audience.spreadMsOn("private-user.7.e0")).toBe(5);
});

test("H3 no request waits for the broker, and its counts are read at most once in 5 s", async () => {
  const { audience, clock, ask, looks } = setUp();
  audience.asked("s1", 1);
  expect(audience.spreadMs()).toBe(5);
  for (let index = 0; index < 50; index += 1) await ask(10);
  expect(looks()).toBe(1);
  await clock.advance(5_000);
  await ask(10);
  expect(looks()).toBe(2);
});

test("the spread uses the number of clients before an outage for at least five minutes", async () => {
  const { audience, clock, ask } = setUp();
  await ask(1_000);
  await clock.advance(4 * minuteMs);
  await ask(3);
  expect(audience.spreadMs()).toBe(5_000);
  await clock.advance(5 * minuteMs);
  await ask(3);
  await clock.advance(5 * minuteMs);
  await ask(3);
  expect(audience.spreadMs()).toBe(15);
  await ask(1_000);
  await clock.advance(60 * minuteMs);
  expect(audience.spreadMs()).toBe(0);
});

test("sessions are counted when the broker has no counts", async () => {
  const { audience, clock, ask } = setUp({ tells: false });
  for (let index = 0; index < 400; index += 1) await ask(0, 2, `s${index % 200}`);
  expect(audience.spreadMs()).toBe(1_000);
  expect(audience.spreadMsOn("private-page.1.e0")).toBeUndefined();
  for (let index = 0; index < 20_000; index += 1) audience.asked(`t${index}`, 2);
  expect(audience.spreadMs()).toBe(limits.spreadMs);
  await clock.advance(11 * minuteMs);
  expect(audience.spreadMs()).toBe(0);
});

test("H3 sessions are counted while the broker is unreachable", async () => {
  const { audience, clock, ask, setAway } = setUp();
  setAway(true);
  for (let index = 0; index < 20; index += 1) await ask(0, 1, `s${index}`);
  expect(audience.spreadMs()).toBe(100);
  setAway(false);
  await clock.advance(5_000);
  await ask(1_000);
  expect(audience.spreadMs()).toBe(5_000);
});
