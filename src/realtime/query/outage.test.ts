import { expect, test } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";

test("Q1 Q2 after a gap mounted queries are fetched six at a time, by priority", async () => {
  const { broker, route, clock, mount, settle } = setUp();
  let underWay = 0;
  let most = 0;
  const order: string[] = [];
  const readAs = (key: string) => () => {
    order.push(key);
    underWay += 1;
    most = Math.max(most, underWay);
    return new Promise((resolve) =>
      clock.after(100, () => {
        underWay -= 1;
        resolve(key);
      }),
    );
  };
  const queries = Array.from({ length: 12 }, (_, index) =>
    mount(`q${index}`, [a1], readAs(`q${index}`)),
  );
  const urgent = mount("urgent", [a1], readAs("urgent"), { priority: "high" });
  await settle();
  await settle();
  order.splice(0);
  most = 0;
  broker.stop();
  route.forget();
  broker.start();
  await settle();
  await settle();
  expect(most).toBe(6);
  expect(order.slice(0, 7)).toContain("urgent");
  expect(new Set(order).size).toBe(13);
  expect([...queries, urgent].every(({ fetches }) => fetches.length === 3)).toBe(true);
});

test("Q5 after a gap tabs fetch at different times, in a window that the server can widen", async () => {
  const readAtMs = async (random: number, spreadMs: number) => {
    const { broker, route, clock, mount, settle } = setUp({ random: () => random });
    const query = mount("list", [a1]);
    await settle();
    await settle();
    route.spread(spreadMs);
    broker.stop();
    route.forget();
    broker.start();
    const before = query.fetches.length;
    const startMs = clock.now();
    await clock.advance(60_000);
    expect(query.fetches.length).toBe(before + 1);
    return (query.fetches.at(-1) ?? 0) - startMs;
  };
  const narrow = [await readAtMs(0.1, 0), await readAtMs(0.9, 0)];
  const wide = [await readAtMs(0.1, 20_000), await readAtMs(0.9, 20_000)];
  const width = ([first = 0, last = 0]: readonly number[]) => last - first;
  expect(width(narrow)).toBeGreaterThanOrEqual(800);
  expect(width(wide)).toBeGreaterThan(width(narrow) + 3_000);
});

test("K6 mounted queries are polled while delivery is down, and not after it is back", async () => {
  const { broker, clock, mount, settle } = setUp();
  const query = mount("list", [a1]);
  const unbound = mount("free", []);
  await settle();
  const before = query.fetches.length;
  broker.stop();
  await clock.advance(95_000);
  expect(query.fetches.length).toBe(before + 3);
  expect(unbound.fetches.length).toBe(1);
  broker.start();
  await clock.advance(20_000);
  const after = query.fetches.length;
  await clock.advance(300_000);
  expect(query.fetches.length).toBe(after);
});

test("a query whose fetches fail is not fetched more often while polling", async () => {
  const { broker, clock, mount, publish, settle } = setUp();
  const query = mount("list", [a1], () => Promise.reject(new Error("401")));
  await settle();
  const before = query.fetches.length;
  for (let second = 0; second < 60; second += 1) {
    publish();
    await clock.advance(1_000);
  }
  broker.stop();
  await clock.advance(240_000);
  expect(query.fetches.length - before).toBeLessThan(25);
});
