import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import type { Viewer } from "@/db/viewer.ts";
import { listFigures } from "@/features/evidence/read/list-figures.ts";
import { listValues } from "@/features/evidence/read/list-values.ts";
import { removeMember } from "@/features/teams/remove-member.ts";
import type { FigureRow } from "@/lib/evidence/figure-row.ts";
import { type Clearance, clearances } from "@/lib/evidence/observation.ts";
import { createEntityReads } from "@/wiring/realtime/entities.ts";
import { createEvidenceRig, keys } from "../../support/rigs/evidence-rig.ts";
import { memberOf } from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { createSiteStreams } from "../../support/site/site-streams.ts";

/** Ben owns, ann writes, rea reads all submissions. Kay, an admin of the site, is no member. */
const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createEvidenceRig>>;
beforeAll(async () => {
  rig = await createEvidenceRig();
  // The rows of the rig exclude people from channels.
  await rig.site.owner`delete from channel_bans`;
  await rig.site.owner`delete from user_bans`;
});
afterAll(() => rig?.close());

type Paper = Awaited<ReturnType<typeof rig.found>>;

const delay = { name: "Delay", unit: "min" };
const numbersOf = (rows: readonly FigureRow[]) => rows.map(({ number }) => number);

/** Records an observation with a delay. */
const record = (paper: Paper, clearance: Clearance, more: Record<string, unknown> = {}) =>
  paper.record(ben, {
    statement: "It was late.",
    clearance,
    figures: [{ ...delay, value: "9" }],
    ...more,
  });

const values = ({ publicationId }: Paper, viewer: Viewer, figure = delay) =>
  rig.site.contexts.read(viewer)(({ tx }) =>
    listValues({ tx, keys }, { publicationId, ...figure }),
  );

const figures = ({ publicationId }: Paper, viewer: Viewer) =>
  rig.site.contexts.read(viewer)(({ tx }) => listFigures({ tx, keys }, { publicationId }));

const nameOf = ({ publicationId }: Paper, clearance: Clearance) =>
  channels.figures({ clearance, publicationId }).name;

/** The rows that the hub reads for the channel of a clearance. */
const rowsOf = async (paper: Paper, clearance: Clearance, ids: readonly string[]) => {
  const reads = createEntityReads(rig.site.database, { accessEpochs: async () => new Map() }, keys);
  const read = reads.find(nameOf(paper, clearance), "figures.added");
  return (await read?.(ids)) as ReadonlyMap<string, FigureRow>;
};

describe("reading", () => {
  test("S2.10 each role gets the values and the figures of its slice", async () => {
    const paper = await rig.found();
    for (const clearance of clearances) {
      const own = { name: `Only ${clearance}`, unit: "", value: "1" };
      await record(paper, clearance, { figures: [{ ...delay, value: "9" }, own] });
    }
    for (const [viewer, slice] of [
      [anonymous, [1]],
      [kay, [1]],
      [ann, [1, 2]],
      [rea, [1, 2, 3]],
      [ben, [1, 2, 3]],
    ] as const) {
      expect(numbersOf(await values(paper, viewer))).toEqual(slice);
      expect(numbersOf(await figures(paper, viewer))).toEqual(slice.toReversed());
    }
  });

  test("a figure is a name with its unit, and values of others are left out", async () => {
    const paper = await rig.found();
    await record(paper, "public");
    await record(paper, "public", { figures: [{ ...delay, unit: "h", value: "1" }] });
    await record(paper, "public", { figures: [{ name: "Delay of 'x'", unit: "min", value: "1" }] });
    await record(paper, "public", { figures: [] });
    expect(numbersOf(await values(paper, ben))).toEqual([1]);
    expect(numbersOf(await values(paper, ben, { ...delay, unit: "h" }))).toEqual([2]);
    expect(numbersOf(await values(paper, ben, { ...delay, name: "Delay of 'x'" }))).toEqual([3]);
    expect(numbersOf(await figures(paper, ben))).toEqual([3, 2, 1]);
  });

  test("corrections come along, also those without a value, and hidden ones do not", async () => {
    const paper = await rig.found();
    await record(paper, "public");
    await record(paper, "public", { corrects: "OBS-0001", figures: [] });
    await record(paper, "editor", { corrects: "OBS-0001" });
    const corrected = async (viewer: Viewer) =>
      (await values(paper, viewer)).map(({ number, corrects }) => [number, corrects]);
    expect(await corrected(ann)).toEqual([
      [1, null],
      [2, 1],
    ]);
    expect(await corrected(rea)).toEqual([
      [1, null],
      [2, 1],
      [3, 1],
    ]);
  });

  test("of 201 values those of the last 200 events are read", async () => {
    const paper = await rig.found();
    for (let day = 0; day <= 200; day += 1) {
      await record(paper, "public", {
        eventAt: new Date(Date.UTC(2026, 0, 1 - day)).toISOString(),
      });
    }
    const numbers = numbersOf(await values(paper, anonymous));
    expect(numbers).toHaveLength(200);
    expect(numbers).not.toContain(201);
  }, 30_000);

  test("a value that was altered is read as broken, by the page and for the stream", async () => {
    const paper = await rig.found();
    await record(paper, "public");
    expect((await rowsOf(paper, "public", ["1"])).get("1")?.integrity).toBe("verified");
    await paper.tamper(
      (tx) => tx`update observations set figures = '[{"name":"Delay","unit":"min","value":"90"}]'
        where publication_id = ${paper.publicationId}`,
    );
    expect(await values(paper, ben)).toMatchObject([{ integrity: "broken" }]);
    expect((await rowsOf(paper, "public", ["1"])).get("1")?.integrity).toBe("broken");
  });
});

describe("the channel of a clearance", () => {
  test("S0.4 S0.5 its role reads the observations of that clearance and publication alone, whichever ids are asked", async () => {
    const [paper, other] = [await rig.found(), await rig.found()];
    for (const each of [paper, other]) {
      for (const clearance of clearances) await record(each, clearance);
    }
    await record(other, "public");
    const ids = ["1", "2", "3", "4"];
    for (const [index, clearance] of clearances.entries()) {
      const rows = await rowsOf(paper, clearance, ids);
      expect([...rows.keys()]).toEqual([ids[index]]);
      const [seen] = await rig.site.database.asTopic(nameOf(paper, clearance), (tx) =>
        tx.execute<{ of: string }>(
          "select string_agg(publication_id || ' ' || clearance, ',') as of from observations",
        ),
      );
      expect(seen?.of).toBe(`${paper.publicationId} ${clearance}`);
    }
  });

  test("S0.6 S2.10 who may join it are those who may read its observations", async () => {
    const paper = await rig.found();
    for (const clearance of clearances) await record(paper, clearance);
    const streams = await createSiteStreams(rig.site);
    onTestFinished(streams.close);
    for (const viewer of [ann, ben, kay, rea]) {
      const answer = await streams.post("route", memberOf(viewer), {
        type: "join",
        socketId: "1.1",
        channels: clearances.map((clearance) => nameOf(paper, clearance)),
      });
      const { results } = (await answer.json()) as { results: readonly { status: string }[] };
      const joined = clearances.filter((_, index) => results[index]?.status === "joined");
      const { rows } = await paper.list(viewer);
      expect(joined).toEqual(rows.map(({ clearance }) => clearance).toReversed());
    }
  });

  test("S0.3 S0.5 a row goes to those alone who may read it, by one read for all of them, and ends with the right", async () => {
    const paper = await rig.found();
    const topics: string[] = [];
    const streams = await createSiteStreams(rig.site, {
      asTopic: (topic, run) => {
        topics.push(topic);
        return rig.site.database.asTopic(topic, run);
      },
    });
    onTestFinished(streams.close);
    const names = clearances.map((clearance) => nameOf(paper, clearance));
    const open = (viewer: Parameters<typeof memberOf>[0], most: number) =>
      streams.openHostile(memberOf(viewer), names.slice(0, most));
    const [owner, moderator, writer, stranger] = [
      await open(ben, 3),
      await open(rea, 3),
      await open(ann, 2),
      await open(kay, 1),
    ];
    const heard = ({ events }: typeof owner) => JSON.stringify(events);
    const arrives = (at: readonly (typeof owner)[], text: string) =>
      vi.waitFor(() => {
        for (const stream of at) expect(heard(stream)).toContain(text);
      }, 10_000);
    const say = (clearance: Clearance, value: string) =>
      record(paper, clearance, { figures: [{ ...delay, value }] });

    await say("editor", "33333");
    await say("member", "22222");
    await say("public", "11111");
    await arrives([owner, moderator], '"33333"');
    await arrives([owner, moderator, writer], '"22222"');
    await arrives([owner, moderator, writer, stranger], '"11111"');
    expect(heard(writer)).not.toMatch(/33333|figures\.editor/);
    expect(heard(stranger)).not.toMatch(/33333|22222|figures\.(editor|member)/);
    expect(topics.toSorted()).toEqual(names.toSorted());

    await rig.site.contexts.write(ben)((ctx) =>
      removeMember(ctx, { publicationId: paper.publicationId, userId: rea.userId }),
    );
    await say("editor", "44444");
    await say("member", "55555");
    await say("public", "66666");
    await arrives([owner, moderator, writer, stranger], '"66666"');
    expect(heard(moderator)).not.toMatch(/44444|55555/);
  }, 30_000);
});
