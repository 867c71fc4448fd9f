import { expect, test } from "vitest";
import { relayStatus } from "./relay-status.ts";

test.each([
  ["healthy", true, 0, 0, 0],
  ["healthy", true, 5, 9_999, 0],
  ["healthy", true, 0, 0, 3],
  ["behind", true, 5, 10_001, 0],
  ["failing", true, 5, 4_000, 1],
  ["blocked", true, 5, 24_000, 4],
  ["none", false, 0, 0, 0],
  ["none", false, 5, 24_000, 4],
] as const)(
  "the relay is %s: led %s, %i waiting for %i ms, %i failures",
  (state, isLed, pending, lagMs, failures) => {
    expect(relayStatus({ isLed, pending, lagMs }, { failures })).toBe(state);
  },
);
