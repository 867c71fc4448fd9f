import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTestTitles } from "./test-titles.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "SECURITY.md"), "utf8");
const promised = page.slice(
  page.indexOf("\n## What is promised"),
  page.indexOf("\n## What is not promised"),
);

test("each promise of SECURITY.md names a test that there is", () => {
  const titles = new Set(readTestTitles().map(({ file, title }) => `${file} ${title}`));
  const promises = promised.split(/^- /m).slice(1);
  expect(promises.length).toBeGreaterThan(20);
  const named = promises.map((promise) =>
    [...promise.matchAll(/^ {2}`([^`]+)` "(.+)"$/gm)].map(([, file, title]) => `${file} ${title}`),
  );
  expect(promises.filter((_, index) => named[index]?.length === 0)).toEqual([]);
  expect(named.flat().filter((each) => !titles.has(each))).toEqual([]);
});
