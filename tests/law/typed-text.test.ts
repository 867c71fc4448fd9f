import { expect, test } from "vitest";
import { filesIn, readSource } from "./source-files.ts";

/** A call of Zod's `string`, also across a line break. */
const untyped = /\bz\s*\.string\(/;

test("features, routes and sign-in use typed texts for every string, which refuse NUL", () => {
  const files = filesIn("app", "src/features", "src/auth").filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  const raw = files.filter((file) => !/\.test\.tsx?$/.test(file) && untyped.test(readSource(file)));
  expect(raw).toEqual([]);
  expect("z\n  .string({})").toMatch(untyped);
});
