import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "@/db/viewer.ts";
import { recordObservation } from "@/features/evidence/ingest/record-observation.ts";
import { exportObservations } from "@/features/evidence/read/export-observations.ts";
import { resolveObservations } from "@/features/evidence/read/search-observations.ts";
import { evidenceFilter } from "@/features/evidence/schema.ts";
import { createEvidenceKeys } from "@/lib/evidence/signing.ts";
import { createEvidenceRig, draftOf, keys } from "../../support/rigs/evidence-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
});
afterAll(() => rig?.close());

type Paper = Awaited<ReturnType<typeof rig.found>>;
const numbers = async (paper: Paper, viewer: Viewer, filter = {}) =>
  (await paper.list(viewer, filter)).rows.map(({ number }) => number);

describe("recording", () => {
  test("numbers the observations of each publication from 1, chains them, and signs each", async () => {
    const [one, other] = [await rig.found(), await rig.found()];
    for (const paper of [one, other]) {
      expect(await paper.record(ben, { statement: "First." })).toBe(1);
      expect(await paper.record(ben, { statement: "Second." })).toBe(2);
    }
    const rows = await one.rows();
    expect(rows.map((row) => row.previous_hash)).toEqual(["", rows[0]?.hash]);
    const { rows: read } = await one.list(ben);
    expect(read.map(({ integrity }) => integrity)).toEqual(["verified", "verified"]);
  });

  test("the same form records once, also when it is sent twice at the same time", async () => {
    const paper = await rig.found();
    const formId = randomUUID();
    const sent = await Promise.all(
      [1, 2, 3].map(() => paper.record(ben, { statement: "Once." }, formId)),
    );
    expect([...sent, await paper.record(ben, { statement: "Once." }, formId)]).toEqual([
      1, 1, 1, 1,
    ]);
    expect(await numbers(paper, ben)).toEqual([1]);
  });

  test("concurrent writers get numbers without gaps, in one unbroken chain", async () => {
    const paper = await rig.found();
    await paper.join(ann, "Editor");
    await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        paper.record(index % 2 ? ann : ben, { statement: `Number ${index}.` }),
      ),
    );
    const rows = await paper.rows();
    expect(rows.map((row) => row.number)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.map((row) => row.previous_hash)).toEqual([
      "",
      ...rows.slice(0, -1).map((row) => row.hash),
    ]);
    const times = rows.map((row) => row.ingested_at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const { rows: read } = await paper.list(ben);
    expect(new Set(read.map(({ integrity }) => integrity))).toEqual(new Set(["verified"]));
  });

  test("text, figures and times come back exactly as they were signed", async () => {
    const paper = await rig.found();
    const statement = 'Zażółć "gęślą" 👩‍🚀 \\ e\u0301 ≠ é\n\tline two';
    await paper.record(ben, {
      statement,
      figures: [{ name: "π", value: "3.1415926535", unit: "rad" }],
      sourceUrl: "https://example.org/a?b=c#d",
      eventAt: "2026-01-31T23:59:59.999+02:00",
      clearance: "public",
    });
    expect(await paper.get(anonymous, 1)).toMatchObject({
      statement,
      figures: [{ name: "π", value: "3.1415926535", unit: "rad" }],
      source: { name: "A source", url: "https://example.org/a?b=c#d" },
      eventAt: "2026-01-31T21:59:59.999000Z",
      integrity: "verified",
      recordedBy: { handle: "ben" },
      way: "form",
    });
  });

  test("a member without the permission, a stranger and a site without a key record nothing", async () => {
    const paper = await rig.found();
    for (const viewer of [ann, rea, kay]) {
      await expect(paper.record(viewer, { statement: "No." })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const keyless = createEvidenceKeys({ signingKey: null, formerKeys: [] });
    const { publicationId } = paper;
    await expect(
      rig.site.contexts.write(ben)(({ tx, viewer }) =>
        recordObservation(
          { tx, viewer, keys: keyless },
          { publicationId, formId: randomUUID(), observation: draftOf({ statement: "No." }) },
        ),
      ),
    ).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("sign") });
    expect(await paper.rows()).toEqual([]);
  });

  test("a member who is no editor records for members, and not for editors", async () => {
    const paper = await rig.found();
    const roleId = await paper.roleId("Writer");
    await rig.site.owner`
      update publication_roles set permissions = '{evidence.record}' where id = ${roleId}`;
    expect(await paper.record(ann, { statement: "For members." })).toBe(1);
    await expect(
      paper.record(ann, { statement: "For editors.", clearance: "editor" }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  test("an event in the future is refused with the field", async () => {
    const paper = await rig.found();
    const eventAt = new Date(Date.now() + 3_600_000).toISOString();
    await expect(paper.record(ben, { statement: "Later.", eventAt })).rejects.toMatchObject({
      code: "invalid_input",
      fieldErrors: { eventAt: ["The event is in the future. Enter when it happened."] },
    });
  });
});

describe("reading", () => {
  /** One observation of each clearance: 1 public, 2 for members, 3 for editors. */
  async function withAll(): Promise<Paper> {
    const paper = await rig.found();
    for (const clearance of ["public", "member", "editor"]) {
      await paper.record(ben, {
        statement: `The pier is ${clearance} and 12 m long.`,
        clearance,
        figures: [{ name: `Length ${clearance}`, value: "12", unit: "m" }],
      });
    }
    return paper;
  }
  const slices: readonly (readonly [Viewer, readonly number[]])[] = [
    [anonymous, [1]],
    [kay, [1]],
    [ann, [2, 1]],
    [rea, [3, 2, 1]],
    [ben, [3, 2, 1]],
  ];

  test("S2.16 each role gets exactly its slice, and two people converge by reading again", async () => {
    const paper = await withAll();
    for (const [viewer, seen] of slices) expect(await numbers(paper, viewer)).toEqual(seen);
    await paper.record(ben, { statement: "A fourth." });
    expect(await numbers(paper, rea)).toEqual([4, 3, 2, 1]);
    expect(await numbers(paper, ben)).toEqual(await numbers(paper, rea));
    expect(await numbers(paper, ann)).toEqual([4, 2, 1]);
  });

  test("S2.10 list, search, one observation, citations and export give the same slice", async () => {
    const paper = await withAll();
    const { publicationId } = paper;
    for (const [viewer, seen] of slices) {
      const filter = evidenceFilter.parse({});
      const exported = await rig.site.contexts.read(viewer)(({ tx }) =>
        exportObservations({ tx, keys }, { publicationId, ...filter }, "json"),
      );
      const { observations } = JSON.parse(exported);
      expect(observations.map(({ id }: { id: string }) => Number(id.slice(4)))).toEqual(seen);
      expect(await numbers(paper, viewer, { words: "pier" })).toEqual(seen);
      const found: number[] = [];
      for (const number of [3, 2, 1]) {
        const read = await paper.get(viewer, number).catch((error: unknown) => error);
        if (!(read instanceof Error)) found.push(number);
        else expect(read).toMatchObject({ code: "not_found" });
      }
      expect(found).toEqual(seen);
      const cited = await rig.site.contexts.read(viewer)(({ tx }) =>
        resolveObservations({ tx, keys }, { publicationId, numbers: [1, 2, 3, 99] }),
      );
      expect(cited.map(({ number }) => number).sort((a, b) => b - a)).toEqual(seen);
    }
  });

  test("an export that was cut names the observation before which the next file begins", async () => {
    const paper = await rig.found();
    const { publicationId } = paper;
    // The order of the events is not the order of the numbers, by which the files continue.
    for (const day of ["03", "01", "02"]) {
      await paper.record(ben, { statement: `Day ${day}.`, eventAt: `2026-01-${day}` });
    }
    const exported = (format: "csv" | "json", before?: string) =>
      rig.site.contexts.read(ben)(({ tx }) => {
        const filter = evidenceFilter.parse({ order: "event", before });
        return exportObservations({ tx, keys }, { publicationId, ...filter }, format, 2);
      });
    const ids = ({ observations }: { observations: { id: string }[] }) =>
      observations.map(({ id }) => id);
    const first = JSON.parse(await exported("json"));
    expect(ids(first)).toEqual(["OBS-0003", "OBS-0002"]);
    expect(first.continuesBefore).toBe("OBS-0002");
    const [header, ...lines] = (await exported("csv")).trim().split("\n");
    expect(header?.split(",").at(-1)).toBe("continues_before");
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(["OBS-0002", "OBS-0002"]);
    const second = JSON.parse(await exported("json", "OBS-0002"));
    expect(ids(second)).toEqual(["OBS-0001"]);
    expect(second.continuesBefore).toBeNull();
  });

  test("S2.4 a hidden observation and a missing one are answered alike", async () => {
    const paper = await withAll();
    const answers = await Promise.all(
      [3, 99].map((number) => paper.get(ann, number).catch((error: unknown) => error)),
    );
    const [hidden, missing] = answers as { code: string; message: string }[];
    expect(hidden).toMatchObject({ code: missing?.code, message: missing?.message });
    const correct = (corrects: string) =>
      paper.record(ann, { statement: "Corrected.", corrects }).catch((error: unknown) => error);
    const roleId = await paper.roleId("Writer");
    await rig.site.owner`
      update publication_roles set permissions = '{evidence.record}' where id = ${roleId}`;
    const [ofHidden, ofMissing] = [await correct("OBS-0003"), await correct("OBS-0099")];
    expect(ofHidden).toMatchObject({ code: "invalid_input" });
    expect(String(ofHidden)).toBe(String(ofMissing));
  });

  test("S2.15 each read has its own time and the last ingest that the viewer may read", async () => {
    const paper = await withAll();
    const rows = await paper.rows();
    for (const [viewer, seen] of slices) {
      const { readAt, lastIngestAt } = await paper.list(viewer);
      const last = rows.find((row) => row.number === seen[0]);
      expect(Date.parse(lastIngestAt ?? "")).toBe(last?.ingested_at.getTime());
      expect(Date.parse(readAt)).toBeGreaterThanOrEqual(Date.parse(lastIngestAt ?? ""));
      const one = await paper.get(viewer, 1);
      expect(one.lastIngestAt).toBe(lastIngestAt);
    }
    expect((await (await rig.found()).list(ben)).lastIngestAt).toBeNull();
  });

  test("S2.11 a correction is a new row, and a read as of an earlier time does not know it", async () => {
    const paper = await rig.found();
    await paper.record(ben, { statement: "It took 9 minutes.", eventAt: "2026-01-10" });
    const { rows: before } = await paper.list(ben);
    await paper.record(ben, {
      statement: "It took 14 minutes.",
      eventAt: "2026-01-10",
      corrects: "OBS-0001",
    });
    await paper.record(ben, { statement: "It rained.", eventAt: "2026-01-20" });
    const corrections = async (filter = {}) =>
      (await paper.list(ben, filter)).rows.map(({ number, correctedBy }) => [number, correctedBy]);
    expect(await corrections()).toEqual([
      [3, null],
      [2, null],
      [1, 2],
    ]);
    const ingestedUntil = before[0]?.ingestedAt;
    expect(await corrections({ ingestedUntil })).toEqual([[1, null]]);
    const asOf = await paper.list(ben, { ingestedUntil });
    expect(Date.parse(asOf.lastIngestAt ?? "")).toBe(Date.parse(ingestedUntil ?? ""));
    expect(await numbers(paper, ben, { eventUntil: "2026-01-15" })).toEqual([2, 1]);
    expect(await numbers(paper, ben, { order: "event" })).toEqual([3, 2, 1]);
  });

  test("a hidden correction is not named to a viewer who cannot read it", async () => {
    const paper = await rig.found();
    await paper.record(ben, { statement: "It took 9 minutes.", clearance: "public" });
    await paper.record(ben, { statement: "14.", clearance: "editor", corrects: "OBS-0001" });
    expect((await paper.get(ann, 1)).correctedBy).toBeNull();
    expect((await paper.get(rea, 1)).correctedBy).toBe(2);
  });

  test("an ingest names the publication to all, and the observation to those alone who may read it", async () => {
    const paper = await rig.found();
    const { publicationId } = paper;
    await rig.site.newSignals();
    const number = await paper.record(ben, { statement: "A secret.", clearance: "editor" });
    expect(await rig.site.newSignals()).toEqual([
      {
        channel: `publication.${publicationId}`,
        name: "observation.added",
        ids: { publicationId },
      },
      {
        channel: `figures.editor.${publicationId}`,
        name: "figures.added",
        ids: { observationId: String(number) },
      },
    ]);
  });
});
