import { createSignalInspector } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toSql } from "@/db/connection/to-sql.ts";
import { listSkipped } from "@/features/admin/signals/list-skipped.ts";
import { captures } from "@/wiring/captures.ts";
import type { OperatorContext } from "@/wiring/context-types.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { foundPublication } from "../../support/rigs/publications-rig.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createCaptureCases, id } from "./site-capture-cases.ts";

/** The captured tables of the site, on its migrated database: each capture and each of its operations has a case. */

const { ann, ben, rea } = viewers;
let site: SiteDatabase;
let publicationId: string;
let writerRole: string;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  const team = await foundPublication(site, ben);
  publicationId = team.publicationId;
  writerRole = await team.roleId("Writer");
  await team.join(ann);
});
afterAll(() => site.close());
const sql = (text: TemplateStringsArray, ...values: readonly string[]) =>
  site.owner(text, ...values);

const cases = createCaptureCases({
  sql,
  get publicationId() {
    return publicationId;
  },
  get writerRole() {
    return writerRole;
  },
});

/** What the captures declare: an operation of a table, the kind of channel and the name of the signal. */
const declared = captures.flatMap(({ table, on, pattern }) =>
  Object.entries(on).map(([operation, { name }]) => ({
    of: `${table.name} ${operation}`,
    kind: pattern.split(".")[0] ?? "",
    name,
  })),
);
const kindOf = (channel: string) => channel.split(".")[0] ?? "";

test("S1.1 the cases below are all captures and operations of the site", () => {
  const covered = cases.flatMap(({ of, expected }) =>
    expected().map(([channel, name]) => `${of}: ${name} on ${kindOf(channel.name)}`),
  );
  const all = declared.map(({ of, kind, name }) => `${of}: ${name} on ${kind}`);
  expect(covered.sort()).toEqual(all.sort());
});

test.each(cases.map((each) => [each.of, each] as const))(
  "S1.1 %s publishes the operation with ids on the channel of each capture",
  async (_of, { of, write, expected }) => {
    await site.newSignals({ toAuthors: true });
    await write();
    const captured = declared.filter((each) => each.of === of);
    const signals = (await site.newSignals({ toAuthors: true })).filter(({ channel, name }) =>
      captured.some((each) => each.kind === kindOf(channel) && each.name === name),
    );
    const sorted = (list: readonly object[]) => list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(signals)).toEqual(
      sorted(expected().map(([channel, name, ids]) => ({ channel: channel.name, name, ids }))),
    );
  },
);

test("a row that names no channel is written, and counted for admins by table and signal", async () => {
  const signals = createSignalInspector({
    sql: (text, ...values) => site.database.asRelay(async (tx) => toSql(tx)(text, ...values)),
  });
  const counted = async () => {
    const rows = await listSkipped({ signals } as OperatorContext);
    return rows.find(({ table, signal }) => `${table} ${signal}` === onGist);
  };
  const onGist = "public.comments article.discussed";
  const before = (await counted())?.rows ?? 0;
  await sql`insert into comments (id, gist_id, author_id, body)
    values (${id}, ${idOf("gist")}, ${rea.userId}, 'Words.')`;
  expect(await sql`select from comments where id = ${id}`).toHaveLength(1);
  expect(await counted()).toEqual({
    table: "public.comments",
    signal: "article.discussed",
    rows: before + 1,
    lastAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});
