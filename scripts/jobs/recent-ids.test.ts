import { expect, test } from "vitest";
import { createRecentIds } from "./recent-ids.ts";

test("an id is accepted once in 24 hours", () => {
  let nowMs = 0;
  const recent = createRecentIds(() => nowMs);
  expect([recent.add("a"), recent.add("a"), recent.add("b")]).toEqual([true, false, true]);
  nowMs = 86_400_000;
  expect(recent.add("a")).toBe(true);
});

test("the number of remembered ids is bounded", () => {
  const recent = createRecentIds(() => 0, 10);
  for (let id = 0; id < 1000; id += 1) recent.add(String(id));
  expect(recent.size).toBe(10);
});
