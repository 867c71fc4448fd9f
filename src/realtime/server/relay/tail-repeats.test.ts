import { expect, test } from "vitest";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import type { Delivery } from "../ports.ts";
import { createTailRepeats } from "./tail-repeats.ts";

const frame = (channel: string, id: string, accessEpoch = 0): Delivery => ({
  channel,
  accessEpoch,
  signal: { id, name: "message.posted", ids: undefined, origin: undefined },
});

function setUp() {
  const clock = createFakeClock();
  const repeats = createTailRepeats(clock);
  /** Returns the repeats during this time, each with the seconds since its start. */
  const run = (forMs: number) => {
    const startMs = clock.now();
    const repeated: string[] = [];
    for (let ms = 0; ms < forMs; ms += 1_000) {
      clock.advanceNow(1_000);
      const due = repeats.due(100);
      repeats.repeated(due);
      repeated.push(...due.map(({ signal }) => `${(clock.now() - startMs) / 1_000} ${signal.id}`));
    }
    return repeated;
  };
  return { repeats, run };
}

test("K8 the last frame of a quiet channel is repeated twice within 30 s, and then no more", () => {
  const { repeats, run } = setUp();
  repeats.sent([frame("a", "a1"), frame("b", "b1"), frame("a", "a2")]);
  expect(run(120_000)).toEqual(["10 b1", "10 a2", "25 b1", "25 a2"]);
});

test("K8 a new frame cancels the repeats of the one before", () => {
  const { repeats, run } = setUp();
  for (let round = 0; round < 5; round += 1) {
    repeats.sent([frame("a", `a${round}`)]);
    expect(run(9_000)).toEqual([]);
  }
  expect(run(30_000)).toEqual(["1 a4", "16 a4"]);
});

test("the last frame of an old wire name is repeated under that name", () => {
  const { repeats, run } = setUp();
  repeats.sent([frame("a", "a1"), frame("a", "a2", 1)]);
  expect(run(12_000)).toEqual(["10 a1", "10 a2"]);
});

test("a repeat that was not sent stays due, and no call exceeds its limit", () => {
  const { repeats, run } = setUp();
  repeats.sent(Array.from({ length: 10_500 }, (_, index) => frame(`c${index}`, `s${index}`)));
  run(9_000);
  const due = run(1_000);
  expect(due).toHaveLength(100);
  expect(due[0]).toBe("1 s500");
  expect(run(1_000)[0]).toBe("1 s600");
});
