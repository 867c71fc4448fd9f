import postgres from "postgres";
import { createSignalInspector, createSignalLog, migrateLog } from "querycast/server";
import { expect, onTestFinished, test } from "vitest";
import { schema } from "../../src/realtime/log/migrations/0012-schema.ts";
import { createTestDatabase } from "../support/database.ts";
import { port } from "./log-database.ts";

/** An empty database. */
async function createEmptyDatabase(): Promise<postgres.Sql> {
  const database = await createTestDatabase({
    template: "template_empty",
    migrate: async () => {},
  });
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  onTestFinished(async () => {
    await owner.end();
    await database.close();
  });
  return owner;
}

const append = (owner: postgres.Sql, id: string) => owner`
  select querycast.append_signals(${JSON.stringify([
    { channel: "room.1", name: "message.posted", ids: JSON.stringify({ messageId: id }) },
  ])}::text::json, null, null)`;

test("a log of version 12 is upgraded with its signals, and old positions stay valid", async () => {
  const owner = await createEmptyDatabase();
  await owner.unsafe(`
    create schema querycast;
    create table querycast.migrations (version integer primary key, applied_at timestamptz not null default now());
    do $migration$ begin ${schema.body} insert into querycast.migrations (version) values (${schema.version}); end $migration$`);
  const log = createSignalLog({ sql: port(owner) });
  const since = async (position: string | null) =>
    (await log.since([{ channel: "room.1", position }])).get("room.1");
  const start = (await since(null))?.position ?? "";
  await append(owner, "before");

  await migrateLog(port(owner));
  await append(owner, "after");
  expect(await since(start)).toMatchObject({
    status: "replay",
    signals: [{ name: "message.posted", ids: [{ messageId: "after" }, { messageId: "before" }] }],
  });
  const listed = await createSignalInspector({ sql: port(owner) }).list({ channel: "room.1" });
  expect(listed.map(({ ids }) => ids)).toEqual([
    [{ messageId: "after" }],
    [{ messageId: "before" }],
  ]);
  const [plan] = await owner.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    return tx<{ "QUERY PLAN": string }[]>`
      explain (format json) select from querycast.signals
      where channel = 'room.1' and hashtextextended(channel, 0) = hashtextextended('room.1'::text, 0)`;
  });
  expect(JSON.stringify(plan)).toContain("signals_0_by_channel");
});

test("a log of a version before 12 is refused with the way out, and nothing is changed", async () => {
  const owner = await createEmptyDatabase();
  await owner.unsafe(`
    create schema querycast;
    create table querycast.migrations (version integer primary key, applied_at timestamptz not null default now());
    insert into querycast.migrations (version) values (11)`);
  await expect(migrateLog(port(owner))).rejects.toMatchObject({
    message: expect.stringContaining("before the first release"),
    hint: expect.stringContaining("drop schema querycast cascade"),
  });
  expect(await owner`select version from querycast.migrations`).toEqual([{ version: 11 }]);
});
