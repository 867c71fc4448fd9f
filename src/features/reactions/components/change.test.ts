import { expect, test } from "vitest";
import type { SetReactionInput } from "../schema.ts";
import { withCount, withOwn } from "./change.ts";

const give: SetReactionInput = {
  reactableType: "comment",
  reactableId: "a",
  kind: "love",
  isGiven: true,
};
const take = { ...give, isGiven: false };

test("adding or removing a reaction changes the count of its target and kind only, by one", () => {
  const before = { a: { like: 2 }, b: { love: 1 } };
  const after = withCount(before, give);
  expect(after).toEqual({ a: { like: 2, love: 1 }, b: { love: 1 } });
  expect(withCount(after, take)).toEqual(before);
  expect(withCount({}, give)).toEqual({ a: { love: 1 } });
});

test("no count falls below zero, even after a concurrent fetch", () => {
  expect(withCount({ a: {} }, take)).toEqual({ a: {} });
});

test("an own reaction is added once and removed once", () => {
  const after = withOwn(withOwn({ a: ["like"] }, give), give);
  expect(after).toEqual({ a: ["like", "love"] });
  expect(withOwn(after, take)).toEqual({ a: ["like"] });
});
