import { expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createEchoes } from "./echoes.ts";
import type { Delivery } from "./ports.ts";

const frame = (channel: string, id: string, accessEpoch = 0): Delivery => ({
  channel,
  accessEpoch,
  signal: { id, name: "message.posted", ids: undefined, origin: undefined },
});

function setUp() {
  const clock = createFakeClock();
  const echoes = createEchoes(clock);
  /** What is echoed until then, with the time that has gone by. */
  const run = (forMs: number) => {
    const startMs = clock.now();
    const said: string[] = [];
    for (let ms = 0; ms < forMs; ms += 1_000) {
      clock.advanceNow(1_000);
      const due = echoes.due(100);
      echoes.echoed(due);
      said.push(...due.map(({ signal }) => `${(clock.now() - startMs) / 1_000} ${signal.id}`));
    }
    return said;
  };
  return { echoes, run };
}

test("K8 the last frame of a quiet channel is said twice more within 30 s, and then no more", () => {
  const { echoes, run } = setUp();
  echoes.sent([frame("a", "a1"), frame("b", "b1"), frame("a", "a2")]);
  expect(run(120_000)).toEqual(["10 b1", "10 a2", "25 b1", "25 a2"]);
});

test("K8 a channel that goes on speaking needs no echo", () => {
  const { echoes, run } = setUp();
  for (let round = 0; round < 5; round += 1) {
    echoes.sent([frame("a", `a${round}`)]);
    expect(run(9_000)).toEqual([]);
  }
  expect(run(30_000)).toEqual(["1 a4", "16 a4"]);
});

test("a wire name that was given up has an echo of its own", () => {
  const { echoes, run } = setUp();
  echoes.sent([frame("a", "a1"), frame("a", "a2", 1)]);
  expect(run(12_000)).toEqual(["10 a1", "10 a2"]);
});

test("an echo that could not be sent stays due, and no turn takes more than its share", () => {
  const { echoes, run } = setUp();
  echoes.sent(Array.from({ length: 10_500 }, (_, index) => frame(`c${index}`, `s${index}`)));
  run(9_000);
  const due = run(1_000);
  expect(due).toHaveLength(100);
  expect(due[0]).toBe("1 s500");
  expect(run(1_000)[0]).toBe("1 s600");
});
