import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { auditFilter } from "@/features/admin/audit/schema.ts";
import { countNewerInput } from "@/features/articles/schema.ts";
import { evidenceFilter } from "@/features/evidence/schema.ts";
import { takeStepInput } from "@/features/submissions/schema.ts";
import { encodeCursor, isCursor } from "@/lib/pages/page-cursor.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
});
afterAll(() => site.close());

const days = ["0000-01-01", "0000-12-31", "0001-01-01", "2026-02-28", "9999-12-31"];
const ends = [
  "T00:00:00.000000Z",
  "T23:59:59.999999Z",
  "T23:59:59.999999+15:59",
  "T00:00:00-15:59",
  "T00:00:00+16:00",
  "T00:00:00-23:59",
  `T00:00:00.${"9".repeat(200)}Z`,
];
const times = days.flatMap((day) => ends.map((end) => day + end));

const id = randomUUID();
const step = { submissionId: id, note: "" };
/** What each input takes as a time: the schema, and the input with a text in its place. */
const inputs: Readonly<Record<string, [z.ZodType, (text: string) => object]>> = {
  "the newest loaded article": [countNewerInput, (publishedAt) => ({ id, publishedAt })],
  "the version of an approval": [
    takeStepInput,
    (version) => ({ ...step, step: "approve", version }),
  ],
  "a schedule": [takeStepInput, (scheduledFor) => ({ ...step, step: "schedule", scheduledFor })],
  "the last event": [evidenceFilter, (eventUntil) => ({ eventUntil })],
  "the last ingest": [evidenceFilter, (ingestedUntil) => ({ ingestedUntil })],
  "a day of the audit log": [auditFilter, (from) => ({ from })],
};

/** Whether Postgres refuses a text as a time. */
const refuses = (text: string): Promise<boolean> =>
  site.database
    .asAuth((tx) => tx.execute(sql`select ${text}::timestamptz`), "read")
    .then(() => false)
    .catch(() => true);

test.each(Object.entries(inputs))(
  "a time that Postgres refuses is refused as %s",
  async (_, [schema, inputOf]) => {
    const accepted = [...days, ...times].filter((text) => schema.safeParse(inputOf(text)).success);
    expect(accepted.length).toBeGreaterThan(0);
    for (const text of accepted) expect([text, await refuses(text)]).toEqual([text, false]);
  },
);

test("a cursor with a time that Postgres refuses is refused", async () => {
  const texts = [...times, "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z"]
    .map((time) => time.replace("T", " ").replace("Z", "+00"))
    .filter((at) => isCursor(encodeCursor({ at, id })));
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect([text, await refuses(text)]).toEqual([text, false]);
});
