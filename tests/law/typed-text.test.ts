import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A call of Zod's `string`, also across a line break. */
const untyped = /\bz\s*\.string\(/;

test("features, routes and sign-in use typed texts for every string, which refuse NUL", () => {
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
