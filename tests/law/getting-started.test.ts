import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** A link to a file of the example, and the block of code after it. */
const shown = /\]\(\.\.\/(examples\/notes\/[\w./]+)\)\n\n```\w+\n([\s\S]*?)```/g;

test("the code in the guide is the code of the example, which a test runs", () => {
  const blocks = [...read("docs/getting-started.md").matchAll(shown)];
  expect(blocks.length).toBeGreaterThan(8);
  for (const [, path = "", code] of blocks) expect(code, path).toBe(read(path));
});

test("the example uses the versions of the packages that the tests use", () => {
  const versionsOf = (path: string): Record<string, string> => {
    const { dependencies, devDependencies } = JSON.parse(read(path));
    return { ...dependencies, ...devDependencies };
  };
  const { querycast, ...used } = versionsOf("examples/notes/package.json");
  expect(querycast).toBe("file:../../dist");
  expect(versionsOf("package.json")).toMatchObject(used);
});
