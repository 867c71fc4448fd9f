import { expect, test } from "vitest";
import { shorten } from "./shorten.ts";

test.each([
  ["ab", 2, "ab"],
  ["abc", 2, "ab…"],
  ["a bc", 2, "a…"],
  ["a😀", 2, "a😀"],
  ["a😀b", 2, "a😀…"],
  ["😀😀😀", 1, "😀…"],
])("%j with at most %i characters is %j", (text, most, short) => {
  expect(shorten(text, most)).toBe(short);
});
