import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A string of Zod's own, also where the formatter breaks the line. */
const untyped = /\bz\s*\.string\(/;

test("every string that a feature, a route or sign-in takes is a typed text, which refuses NUL", () => {
  const files = ["app", "src/features", "src/auth"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(100);
  const raw = files.filter(
    (file) => !/\.test\.tsx?$/.test(file) && untyped.test(readFileSync(file, "utf8")),
  );
  expect(raw).toEqual([]);
  expect("z\n  .string({})").toMatch(untyped);
});
