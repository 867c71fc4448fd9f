import { readdirSync, readFileSync } from "node:fs";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { expect, test } from "vitest";
import * as schema from "../../src/db/schema.ts";

const folder = new URL("../../src/db/migrations/meta/", import.meta.url).pathname;

test("the last snapshot has every table and column, so that drizzle-kit generates none again", async () => {
  const last = readdirSync(folder)
    .filter((file) => file.endsWith("_snapshot.json"))
    .sort()
    .at(-1);
  const snapshot = JSON.parse(readFileSync(`${folder}${last}`, "utf8"));
  const current = generateDrizzleJson(schema, snapshot.id);
  expect(await generateMigration(snapshot, current)).toEqual([]);
});
