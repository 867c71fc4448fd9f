import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { toActionResult } from "@/lib/errors/action-result.ts";
import { jsonRoute } from "@/lib/http/json-route.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { insertRows } from "../../support/rows/rls-rows.ts";
import { failingWorks, insertWorkRows, planted, refusePlanted } from "./failing-works.ts";

let site: SiteDatabase;
let rows: Awaited<ReturnType<typeof insertWorkRows>>;
let written: string[];

beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  rows = await insertWorkRows(site);
  await refusePlanted(site.owner);
});
afterAll(() => site?.close());
beforeEach(() => {
  written = [];
  for (const stream of [process.stderr, process.stdout]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  }
});

/** Typed texts, and hashes of passwords. */
const secret = new RegExp(`${planted}|\\$argon2`);

test.each(failingWorks)(
  "actions, routes and Next log a statement that fails for %s without the entered text",
  async (_what, work) => {
    const run = () => work(site, rows);
    const result = await toActionResult(run);
    expect(result).toMatchObject({ ok: false, code: "internal" });
    expect((await jsonRoute(run)).status).toBe(500);
    const log = written.join("");
    expect(log).toMatch(/"code":"(22000|22P02)"/);
    expect(log).not.toMatch(secret);
    // Next logs the errors of pages, and the job runner those of jobs.
    const thrown = await run().catch((error: unknown) => error);
    expect(inspect(thrown, { depth: 10, showHidden: true })).not.toMatch(secret);
  },
);
