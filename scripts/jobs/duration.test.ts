import { expect, test } from "vitest";
import { untilMs } from "./duration.ts";

test.each([
  ["10s", 10_000],
  ["1h30m", 5_400_000],
  ["250ms", 250],
  ["1970-01-01T00:00:02Z", 1000],
  ["1970-01-01T00:00:00Z", 0],
])("%s is %i ms away", (text, ms) => {
  expect(untilMs(text, 1000)).toBe(ms);
});

test("text that is neither a duration nor a date is refused", () => {
  expect(() => untilMs("soon", 0)).toThrow('"soon" is neither a duration nor a date.');
});
