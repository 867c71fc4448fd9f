import postgres from "postgres";
import { expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { sharedSoketi } from "../support/soketi.ts";

test("a test file gets a database of its own and the shared broker answers", async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.ownerUrl);
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  await sql.end();
  await database.close();
  const { host, port } = sharedSoketi();
  expect((await fetch(`http://${host}:${port}/ready`)).status).toBe(200);
});
