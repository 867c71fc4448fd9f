import postgres from "postgres";
import { expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { sharedSoketi } from "../support/soketi.ts";

test("each test file gets a migrated database of its own, and the plain login role may connect", async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.appUrl, { max: 1 });
  expect(await sql`select current_user as me`).toEqual([{ me: "inkwell_app" }]);
  await sql.end();
  await database.close();
});

test("the shared broker answers", async () => {
  const { host, port } = sharedSoketi();
  expect((await fetch(`http://${host}:${port}/ready`)).status).toBe(200);
});
