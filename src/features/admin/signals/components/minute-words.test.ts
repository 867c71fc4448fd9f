import fc from "fast-check";
import { expect, test } from "vitest";
import { evenTicks, valueWords } from "./minute-words.ts";

test("ticks have an even step, and the last is at least the maximum", () => {
  expect(evenTicks(0)).toEqual([0, 1, 2, 3, 4]);
  expect(evenTicks(28)).toEqual([0, 10, 20, 30, 40]);
  expect(evenTicks(103)).toEqual([0, 50, 100, 150, 200]);
  expect(evenTicks(40)).toEqual([0, 10, 20, 30, 40]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (maximum) => {
      const ticks = evenTicks(maximum);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(maximum);
      expect(String(ticks[1])).toMatch(/^[125]0*$/);
    }),
  );
});

test("a minute without a value has a dash", () => {
  expect([valueWords(null), valueWords(0), valueWords(1234.6)]).toEqual(["–", "0", "1,235"]);
});
