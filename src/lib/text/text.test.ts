import { expect, test } from "vitest";
import { count, initials, paragraphs, readingMinutes } from "./text.ts";

test("a count agrees with its noun", () => {
  expect(count(1, "reply", "replies")).toBe("1 reply");
  expect(count(0, "comment")).toBe("0 comments");
  expect(count(1200, "comment")).toBe("1,200 comments");
});

test.each([
  ["Ada Lovelace", "AL"],
  ["Grace Brewster Murray Hopper", "GH"],
  ["madonna", "M"],
  ["Émile 🦉", "É🦉"],
  ["", ""],
])("the initials of %j are %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test("empty lines separate paragraphs, line breaks within are kept", () => {
  expect(paragraphs("one\r\ntwo\n\n \n\nthree\n")).toEqual(["one\ntwo", "three"]);
  expect(paragraphs("  \n ")).toEqual([]);
});

test("the reading time is at least one minute", () => {
  expect(readingMinutes(10)).toBe(1);
  expect(readingMinutes(13_340)).toBe(10);
});
