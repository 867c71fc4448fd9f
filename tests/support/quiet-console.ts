import { afterEach, beforeEach, expect, vi } from "vitest";

/**
 * A test fails when something was printed to console.error that it did not ask for. A test that expects an
 * error replaces the spy: `vi.spyOn(console, "error").mockImplementation(() => {})`, and looks at it itself.
 */
let spoken: unknown[][] = [];

beforeEach(() => {
  spoken = [];
  vi.spyOn(console, "error").mockImplementation((...words) => {
    spoken.push(words);
  });
});

afterEach(() => {
  const heard = spoken;
  spoken = [];
  expect(heard, "console.error was called").toEqual([]);
});
