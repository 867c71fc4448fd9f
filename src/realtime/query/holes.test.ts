import fc from "fast-check";
import { expect, test } from "vitest";
import { a1, setUp } from "../../../tests/support/rigs/bridge-rig.ts";
import { on, type Signal } from "../protocol/signal.ts";

type Name = "comment.created" | "reaction.changed";
const readMs = 100;
const settleMs = 3_000;

/** A page with one query for each signal of an article, which counts the changes behind it. */
async function openPage() {
  const { broker, clock, route, mount } = setUp();
  const changes = { "comment.created": 0, "reaction.changed": 0 };
  const show = (name: Name) =>
    mount(name, [on(a1, name)], () => {
      const seen = changes[name];
      return new Promise<number>((resolve) => clock.after(readMs, () => resolve(seen)));
    });
  const comments = show("comment.created");
  const reactions = show("reaction.changed");
  await clock.advance(settleMs);
  const made: Signal[] = [];
  return {
    broker,
    clock,
    route,
    /** Commits a change. Returns a function that delivers its frame. */
    commit: (name: Name = "comment.created") => {
      changes[name] += 1;
      const signal: Signal = {
        id: `s${made.length}`,
        name,
        ids: undefined,
        origin: undefined,
        after: made.at(-1)?.id,
      };
      made.push(signal);
      route.append(a1.name, signal);
      return () => broker.publish(route.wireName(a1.name), signal);
    },
    changes,
    shows: () => ({ "comment.created": comments.data(), "reaction.changed": reactions.data() }),
    reads: () => comments.fetches.length + reactions.fetches.length,
    catchUps: () => route.of("catch-up").length,
  };
}

const frames = fc.array(
  fc.record({
    name: fc.constantFrom<Name>("comment.created", "reaction.changed"),
    /** Time since the previous commit. */
    pauseMs: fc.integer({ min: 0, max: 400 }),
    /** Delay of each copy of the frame after the commit. Without copies the frame is lost. */
    copiesMs: fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Each second frame arrives before its predecessor. */
const reversed = [1, 0, 1, 0].map((ms) => ({
  name: "comment.created" as const,
  pauseMs: 0,
  copiesMs: [ms],
}));

test("K7 K8 after lost, repeated and reordered frames the tail repeat makes the page show the last change", async () => {
  await fc.assert(
    fc.asyncProperty(frames, async (plan) => {
      const page = await openPage();
      let last = () => {};
      for (const { name, pauseMs, copiesMs } of plan) {
        await page.clock.advance(pauseMs);
        last = page.commit(name);
        for (const ms of copiesMs) page.clock.after(ms, last);
      }
      await page.clock.advance(10_000);
      last();
      await page.clock.advance(settleMs);
      expect(page.shows()).toEqual(page.changes);
      const [reads, catchUps] = [page.reads(), page.catchUps()];
      last();
      await page.clock.advance(60_000);
      expect([page.reads(), page.catchUps()]).toEqual([reads, catchUps]);
    }),
    { numRuns: 60, examples: [[reversed]] },
  );
});

test("K7 a lost frame is detected by the next one, and causes one catch-up", async () => {
  const page = await openPage();
  page.commit()();
  await page.clock.advance(settleMs);
  page.commit("reaction.changed");
  page.commit("reaction.changed");
  page.commit()();
  page.commit()();
  const before = page.catchUps();
  await page.clock.advance(settleMs);
  expect(page.catchUps()).toBe(before + 1);
  expect(page.shows()).toEqual(page.changes);
});

test("K7 a frame from before the page joined does not count as lost", async () => {
  const page = await openPage();
  page.commit();
  page.broker.cut();
  await page.clock.advance(settleMs);
  const before = page.catchUps();
  for (let round = 0; round < 3; round += 1) {
    page.commit()();
    await page.clock.advance(settleMs);
  }
  expect(page.catchUps()).toBe(before);
});

test("late or repeated frames cause no catch-up", async () => {
  const page = await openPage();
  const [first, second, third] = [page.commit(), page.commit(), page.commit()];
  for (const deliver of [first, third, third, second, first]) deliver();
  const before = page.catchUps();
  await page.clock.advance(settleMs);
  expect(page.catchUps()).toBe(before);
  expect(page.shows()).toEqual(page.changes);
});

test("each forged predecessor causes at most one catch-up", async () => {
  const page = await openPage();
  for (let index = 0; index < 200; index += 1) {
    const forged = { v: 1, id: `f${index}`, after: `nobody${index}` };
    page.broker.send(page.route.wireName(a1.name), "comment.created", JSON.stringify(forged));
  }
  const before = page.catchUps();
  await page.clock.advance(60_000);
  expect(page.catchUps()).toBe(before + 1);
});

test("forged predecessors in a circle end, and cause at most one catch-up", async () => {
  const page = await openPage();
  const circle = [
    { id: "a", after: "b" },
    { id: "b", after: "a" },
    { id: "c", after: "a", last: "b" },
  ];
  for (const forged of circle) {
    const data = JSON.stringify({ v: 1, ...forged });
    page.broker.send(page.route.wireName(a1.name), "comment.created", data);
  }
  const before = page.catchUps();
  await page.clock.advance(settleMs);
  expect(page.catchUps()).toBeLessThanOrEqual(before + 1);
  page.commit()();
  await page.clock.advance(settleMs);
  expect(page.shows()).toEqual(page.changes);
});
