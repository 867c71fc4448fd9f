import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

test("back-off is random below a limit that doubles up to its maximum", () => {
  const longest = [1, 2, 3, 6, 7, 1000].map((attempt) => retryDelayMs(attempt, () => 1));
  expect(longest).toEqual([200, 400, 800, 6400, 10_000, 10_000]);
  expect(retryDelayMs(5, () => 0)).toBe(0);
});
