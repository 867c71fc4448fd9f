import { expect, test } from "vitest";
import { parseRolloutText } from "./rollout-text.ts";

test("numbers are phases, words are channel kinds", () => {
  expect(parseRolloutText("1:on, 2:staff,3:50%,profile:off")).toEqual({
    phases: { 1: { status: "on" }, 2: { status: "staff" }, 3: { status: "percent", percent: 50 } },
    kinds: { profile: { status: "off" } },
  });
});

test.each(["", "1", "1:", "1:maybe", "1:101%", "1=on", "1:on,,2:on", "x y:on", "1:50"])(
  "%j is refused with the entry and the remedy",
  (text) => {
    expect(() => parseRolloutText(text)).toThrow(/has the entry ".*"\. Give a phase/);
  },
);
