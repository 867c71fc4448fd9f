import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "@/db/migrate.ts";
import { createTestDatabase, type TestDatabaseOptions } from "../../support/database/database.ts";

/** Times of migrations that were squashed: the first, one of the middle, the last but one, and the last. */
const SQUASHED = {
  first: 1795307715320,
  middle: 1795655824000,
  lastButOne: 1795700011000,
  last: 1795700012000,
};

async function createDatabase(options?: TestDatabaseOptions) {
  const database = await createTestDatabase(options);
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  onTestFinished(async () => {
    await owner.end();
    await database.close();
  });
  return { ...database, owner };
}

/** Replaces the list of applied migrations. */
async function replaceApplied(owner: postgres.Sql, times: readonly number[]): Promise<void> {
  await owner.unsafe(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint);
    truncate drizzle.__drizzle_migrations;
    insert into drizzle.__drizzle_migrations (hash, created_at)
    select 'squashed', unnest('{${times.join()}}'::bigint[])`);
}

/** The applied migrations, and every table, view and index. */
async function contents(owner: postgres.Sql) {
  return {
    applied: await owner`select * from drizzle.__drizzle_migrations order by id`,
    relations: await owner`
      select oid, oid::regclass::text as name from pg_class
      where relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace,
        'information_schema'::regnamespace)
      order by oid`,
  };
}

test("a migrated database is left unchanged by the next migration", async () => {
  const { owner, ownerUrl, appUrl } = await createDatabase();
  const before = await contents(owner);
  await migrate(ownerUrl, { appUrl });
  expect(await contents(owner)).toEqual(before);
});

test.each([
  ["the first", [SQUASHED.first]],
  ["the first half", [SQUASHED.first, SQUASHED.middle]],
  ["all but the last", [SQUASHED.first, SQUASHED.middle, SQUASHED.lastButOne]],
  ["all", Object.values(SQUASHED)],
])(
  "a database with %s of the squashed migrations is refused before a change, and the error names it and the way out",
  async (_, times) => {
    const { owner, ownerUrl, appUrl } = await createDatabase({
      template: "template_empty",
      migrate: async () => {},
    });
    await replaceApplied(owner, times);
    const before = await contents(owner);
    const name = new URL(ownerUrl).pathname.slice(1);
    await expect(migrate(ownerUrl, { appUrl })).rejects.toThrow(
      new RegExp(
        `^The database "${name}" was made by an unreleased version of the schema.*npm run reset.*create a new database`,
      ),
    );
    expect(await contents(owner)).toEqual(before);
  },
);
