import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ingestFeed, listAllFeeds } from "@/features/evidence/ingest/ingest-feeds.ts";
import { ingestFile } from "@/features/evidence/ingest/ingest-file.ts";
import { listFeeds } from "@/features/evidence/ingest/list-feeds.ts";
import type { FileInput } from "@/features/evidence/schema.ts";
import type { AppError } from "@/lib/errors/app-error.ts";
import { builtInFeed } from "@/lib/evidence/built-in-feed.ts";
import { createEvidenceRig, keys } from "../../support/rigs/evidence-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, rea } = viewers;

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
let paper: Awaited<ReturnType<typeof rig.found>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
});
afterAll(() => rig?.close());

const send = (format: FileInput["format"], text: string, fileId: string = randomUUID()) =>
  rig.site.contexts.write(ben)(({ tx, viewer }) =>
    ingestFile({ tx, viewer, keys }, { publicationId: paper.publicationId, fileId, format, text }),
  );
const refusal = async (sending: Promise<unknown>) =>
  (await sending.catch((error: unknown) => error)) as AppError;

describe("a file", () => {
  beforeAll(async () => {
    paper = await rig.found();
  });
  const header = "statement,source_name,event_at,clearance,figure_name,figure_value,figure_unit";

  test("of CSV or JSON becomes observations in its order, in one ingest, once per file id", async () => {
    const csv = `\uFEFF${header}\r\n"Two lines,\nand a comma.",Log,2026-01-31,public,Delay,-3.50,min\r\n\r\nSecond.,Log,2026-01-31T08:00:00+01:00,,,,\r\n`;
    const fileId = randomUUID();
    expect(await send("csv", csv, fileId)).toEqual([1, 2]);
    expect(await send("csv", csv, fileId)).toEqual([1, 2]);
    const json = [
      {
        statement: "Third.",
        source: { name: "Log", url: "https://example.org" },
        eventAt: "2026-02-01",
        figures: [
          { name: "Delay", value: 4.5, unit: "min" },
          { name: "Boats", value: "2" },
        ],
        corrects: "OBS-0002",
      },
      { statement: "Fourth.", sourceName: "Log", eventAt: "2026-02-01" },
    ];
    expect(await send("json", JSON.stringify(json))).toEqual([3, 4]);
    const { rows } = await paper.list(ben);
    expect(rows.map(({ statement }) => statement)).toEqual([
      ...["Fourth.", "Third.", "Second."],
      "Two lines,\nand a comma.",
    ]);
    expect(rows[1]).toMatchObject({
      figures: [
        { name: "Delay", value: "4.5", unit: "min" },
        { name: "Boats", value: "2", unit: "" },
      ],
      corrects: 2,
      integrity: "verified",
    });
    expect(rows[3]).toMatchObject({
      clearance: "public",
      figures: [{ name: "Delay", value: "-3.50", unit: "min" }],
    });
    const [third, fourth] = (await paper.rows()).slice(2);
    expect(third?.ingested_at).toEqual(fourth?.ingested_at);
  });

  test("with wrong rows names each of them with its line and field, and records nothing", async () => {
    const before = (await paper.rows()).length;
    const lines = [
      "Good.,Log,2026-01-31,public,,,",
      ",Log,2026-01-31,public,,,",
      "Bad time.,Log,yesterday,public,,,",
      "Bad clearance.,Log,2026-01-31,secret,,,",
      "Bad figure.,Log,2026-01-31,public,Delay,12 000,min",
      "Short.,Log",
      `${"x".repeat(2_001)},Log,2026-01-31,public,,,`,
    ];
    const error = await refusal(send("csv", [header, ...lines].join("\n")));
    expect(error).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("6 of 7 rows cannot be recorded, so nothing was recorded."),
    });
    expect(error.fieldErrors.rows).toEqual([
      "Line 3: statement: Enter a statement.",
      "Line 4: eventAt: Enter the time of the event as 2026-01-31T08:00:00Z or 2026-01-31.",
      "Line 5: clearance: A clearance is one of public, member, editor.",
      "Line 6: figures.0.value: Enter a number such as 12 or -3.5, without thousands separators.",
      "Line 7: This is not an observation.",
      "Line 8: statement: A statement has at most 2000 characters.",
    ]);
    const hidden = await refusal(
      send(
        "json",
        JSON.stringify([
          { statement: "Good.", sourceName: "Log", eventAt: "2026-01-31" },
          { statement: "Bad.", sourceName: "Log", eventAt: "2026-01-31", corrects: "OBS-0099" },
          { statement: "Bad.", sourceName: "Log", eventAt: "2999-01-31" },
        ]),
      ),
    );
    expect(hidden.fieldErrors.rows).toEqual([
      "Item 2: The observation to correct does not exist, or you cannot read it.",
      "Item 3: The event is in the future. Enter when it happened.",
    ]);
    expect((await paper.rows()).length).toBe(before);
  });

  test.each([
    ["json", "{", "The file is not JSON"],
    ["json", '{"a":1}', "The file is not a list"],
    ["json", "[]", "The file has no observations"],
    ["csv", "", "lacks the columns statement, source_name, event_at"],
    ["csv", "statement,source_name\na,b", "lacks the columns event_at"],
    ["csv", "statement,source_name,event_at,secret\n", "The columns secret are unknown"],
    ["csv", "statement,source_name,event_at,event_at\n", "The column event_at occurs twice"],
    ["csv", `${header}\n`, "The file has no observations"],
    ["csv", `${header}\n"open`, "The file is not CSV"],
    [
      "json",
      JSON.stringify(Array.from({ length: 501 }, () => ({}))),
      "501 observations, 500 are allowed",
    ],
  ] as const)("that cannot be read as %s is refused: %s", async (format, text, message) => {
    expect(await refusal(send(format, text))).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining(message),
    });
  });

  test("of 500 rows is recorded whole, and its rows continue one chain", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      statement: `Row ${index}.`,
      sourceName: "Log",
      eventAt: "2026-01-31",
    }));
    const numbers = await send("json", JSON.stringify(rows));
    expect(numbers.length).toBe(500);
    const stored = await paper.rows();
    expect(stored.map((row) => row.previous_hash)).toEqual([
      "",
      ...stored.slice(0, -1).map((row) => row.hash),
    ]);
  });
});

describe("a feed", () => {
  beforeAll(async () => {
    paper = await rig.found();
    await rig.site.owner`insert into evidence_feeds (publication_id, name, url)
      values (${paper.publicationId}, 'Gauge', 'built-in:harbour')`;
  });
  const feedOf = async () =>
    (await rig.site.contexts.job(listAllFeeds)).find(
      ({ publicationId }) => publicationId === paper.publicationId,
    );
  const ingest = async (text: string | Error) => {
    const feed = await feedOf();
    if (feed === undefined) throw new Error("The feed is missing.");
    return rig.site.contexts.job(({ tx }) => ingestFeed({ tx, keys }, feed, text));
  };
  const state = async () => {
    const { publicationId } = paper;
    const [feed] = await rig.site.contexts.read(ben)((ctx) => listFeeds(ctx, { publicationId }));
    return feed;
  };

  test("S2.15 is ingested by a job, signed, with each item once however often it is read", async () => {
    const now = new Date();
    expect(await ingest(builtInFeed(now))).toBe(24);
    expect(await ingest(builtInFeed(now))).toBe(0);
    expect(await ingest(builtInFeed(new Date(now.getTime() - 3_600_000)))).toBe(1);
    const { rows } = await paper.list(ann);
    expect(rows.length).toBe(25);
    expect(new Set(rows.map(({ integrity }) => integrity))).toEqual(new Set(["verified"]));
    expect(rows[0]).toMatchObject({ source: { name: "Gauge" }, clearance: "member" });
    const [one, two] = await Promise.all([ingest(builtInFeed(now)), ingest(builtInFeed(now))]);
    expect([one, two]).toEqual([0, 0]);
    expect(await state()).toMatchObject({ error: null, readAt: expect.any(String) });
  });

  test("that fails, or has a wrong item, is named in its state and holds up no other item", async () => {
    await ingest(new Error("The feed answered with status 500."));
    expect(await state()).toMatchObject({ error: "The feed answered with status 500." });
    await ingest("<html>");
    expect(await state()).toMatchObject({ error: "The feed is not JSON." });
    const item = { statement: "Fine.", eventAt: "2026-01-31" };
    const text = JSON.stringify([
      { id: "a", ...item },
      { id: "b", statement: "" },
      { id: "c", ...item, eventAt: "2999-01-31" },
      { ...item },
      null,
      { id: "d", ...item },
    ]);
    expect(await ingest(text)).toBe(2);
    expect((await state())?.error).toMatch(/^Item 2: statement/);
  });

  test("names a refused item by its place in the feed, also after items that are left out", async () => {
    const item = { id: "e", statement: "Fine.", eventAt: "2026-01-31" };
    await ingest(JSON.stringify([item, item, { ...item, id: "f", eventAt: "2999-01-31" }]));
    expect((await state())?.error).toBe(
      "Item 3: The event is in the future. Enter when it happened.",
    );
  });

  test("cannot choose its clearance, nor correct an observation", async () => {
    await ingest(
      JSON.stringify([
        {
          id: "public",
          statement: "Forged.",
          eventAt: "2026-01-31",
          clearance: "public",
          corrects: "OBS-0001",
          recordedBy: ben.userId,
        },
      ]),
    );
    const { rows } = await paper.list(ben, { words: "forged" });
    expect(rows).toMatchObject([{ clearance: "member", corrects: null }]);
  });

  test("is seen by members who record observations, and cannot be added through the site", async () => {
    const { publicationId } = paper;
    for (const viewer of [ann, rea]) {
      const seen = await rig.site.contexts.read(viewer)((ctx) => listFeeds(ctx, { publicationId }));
      expect(seen).toEqual([]);
    }
    const insert = `insert into evidence_feeds (publication_id, name, url)
      values ('${publicationId}', 'Mine', 'http://169.254.169.254/')`;
    for (const who of [ben, "worker"] as const)
      expect(await rig.attempt(who, insert)).toBe("42501");
    expect(await rig.attempt(ben, "update evidence_feeds set url = 'http://localhost'")).toBe(
      "42501",
    );
  });
});
