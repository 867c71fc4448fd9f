import { afterEach, beforeEach, expect, vi } from "vitest";

/**
 * Fails a test that prints to console.error unexpectedly. A test that expects an error replaces the spy with
 * `vi.spyOn(console, "error").mockImplementation(() => {})` and checks its calls.
 */
let spoken: unknown[][] = [];

beforeEach(() => {
  spoken = [];
  vi.spyOn(console, "error").mockImplementation((...words) => {
    spoken.push(words);
  });
});

afterEach(() => {
  const received = spoken;
  spoken = [];
  expect(received, "console.error was called").toEqual([]);
});
