import { expect, test } from "vitest";
import { filesIn, readSource } from "./source-files.ts";

const hook = /^(before|after)(Each|All)\(/m;
/** Vitest runs these for each test file. */
const isSetUp = (file: string) => file.startsWith("tests/support/runner/");

test("a module that test files share registers no hook when it is loaded: one process loads it once for many files", () => {
  const shared = filesIn("src", "scripts", "tests").filter(
    (file) =>
      /\.tsx?$/.test(file) &&
      !/\.(test|spec)\.tsx?$/.test(file) &&
      !file.includes("node_modules") &&
      !isSetUp(file),
  );
  expect(shared.length).toBeGreaterThan(1_000);
  expect(shared.filter((file) => hook.test(readSource(file)))).toEqual([]);
  expect("const a = 1;\nafterEach(async () => {});").toMatch(hook);
});
