import postgres from "postgres";
import { createSignalLog, migrateLog } from "querycast/server";
import { expect, onTestFinished, test } from "vitest";
import { createTestDatabase } from "../../support/database/database.ts";
import { port } from "../../support/database/log-database.ts";

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

/** Every table, index and function of the log. */
const contents = (owner: postgres.Sql) => owner`
  select oid, relname as name from pg_class where relnamespace = 'querycast'::regnamespace
  union all
  select oid, proname from pg_proc where pronamespace = 'querycast'::regnamespace
  order by oid`;

test("a log with the versions 12 to 14 is left unchanged, and its positions stay valid", async () => {
  const owner = await createEmptyDatabase();
  await migrateLog(port(owner));
  await owner`insert into querycast.migrations (version) values (12), (13)`;
  const log = createSignalLog({ sql: port(owner) });
  const since = async (position: string | null) =>
    (await log.since([{ channel: "room.1", position }])).get("room.1");
  const start = (await since(null))?.position ?? "";
  await append(owner, "before");
  const before = await contents(owner);

  await migrateLog(port(owner));
  expect(await contents(owner)).toEqual(before);
  await append(owner, "after");
  expect(await since(start)).toMatchObject({
    status: "replay",
    signals: [{ name: "message.posted", ids: [{ messageId: "after" }, { messageId: "before" }] }],
  });
});

test("the index by channel serves queries that name the hash of the channel", async () => {
  const owner = await createEmptyDatabase();
  await migrateLog(port(owner));
  const [plan] = await owner.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    return tx<{ "QUERY PLAN": string }[]>`
      explain (format json) select from querycast.signals
      where channel = 'room.1' and hashtextextended(channel, 0) = hashtextextended('room.1'::text, 0)`;
  });
  expect(JSON.stringify(plan)).toContain("signals_0_by_channel");
});

test.each([11, 12, 13])(
  "a log of version %d, before 14, is refused with the way out, and nothing is changed",
  async (version) => {
    const owner = await createEmptyDatabase();
    await owner.unsafe(`
    create schema querycast;
    create table querycast.migrations (version integer primary key, applied_at timestamptz not null default now());
    insert into querycast.migrations (version) values (${version})`);
    await expect(migrateLog(port(owner))).rejects.toMatchObject({
      message: expect.stringContaining("before the first release"),
      hint: expect.stringContaining("drop schema querycast cascade"),
    });
    expect(await owner`select version from querycast.migrations`).toEqual([{ version }]);
  },
);
