import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeCaptures } from "../../scripts/captures/describe-captures.ts";
import { openMigrationsFolder } from "../../scripts/captures/migrations-folder.ts";

test("the last migration of captures has the triggers of all captured tables (npm run migrate:generate)", () => {
  const { lastCaptures, pathOf } = openMigrationsFolder();
  expect(lastCaptures && readFileSync(pathOf(lastCaptures), "utf8")).toBe(describeCaptures());
});
