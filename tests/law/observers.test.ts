import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "src", "realtime");
const entries = ["server", "client", "transports"];

/** An option of an application's callback that is not wrapped: with an empty default, or called where it is given. */
const bare = /\b(on[A-Z]\w*) = \(\) => \{\}|options\.(on[A-Z]\w*)(\?\.\(| \?\? )/g;

test("callbacks that only observe are wrapped, so that one that throws stops nothing", () => {
  const sources = entries.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test(-d)?\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.flatMap((name) =>
    [...readFileSync(join(root, name), "utf8").matchAll(bare)].map(
      ([match]) => `${name}: ${match}`,
    ),
  );
  expect(found).toEqual([]);
});
