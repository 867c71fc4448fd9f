import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { createRelayLog, createSignalLog, migrateLog, type Sql } from "querycast/server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase } from "@/db/database.ts";
import { migrate } from "@/db/migrate.ts";
import { type RunningPostgres, startPostgres } from "../../../scripts/parts/postgres/postgres.ts";

/** A separate cluster: roles belong to the cluster, and these tests change them. */
let server: RunningPostgres;
let admin: postgres.Sql;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "querycast-cluster-"));
  await chmod(folder, 0o755); // the server may run as another user
  server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false });
  admin = postgres(server.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** URL of a database of the cluster, as its superuser or another role. */
function urlOf(database: string, user?: string, password = ""): string {
  const url = new URL(server.ownerUrl);
  url.pathname = database;
  if (user !== undefined) {
    url.username = user;
    url.password = password;
  }
  return url.href;
}

async function newDatabase(owner?: string): Promise<string> {
  const name = `site_${randomUUID().slice(0, 8)}`;
  await admin.unsafe(`create database ${name} ${owner === undefined ? "" : `owner ${owner}`}`);
  return name;
}

/** Signs a person up and publishes a public article by an author. */
async function live(appUrl: string): Promise<void> {
  const database = createDatabase(appUrl, { maxConnections: 2, waitMs: 5_000 });
  try {
    const id = await database.asAuth(async (tx) => {
      const handle = `h-${randomUUID().slice(0, 8)}`;
      const [row] = await toSql(tx)<{ id: string }>`
        insert into users (handle, name) values (${handle}, 'A') returning id`;
      return row?.id ?? "";
    });
    const slug = `s-${randomUUID()}`;
    await database.writeAs({ userId: id, role: "author" }, async (tx) => {
      await toSql(tx)`insert into articles (id, author_id, slug, title, body, published_at)
        values (gen_random_uuid(), ${id}::uuid, ${slug}, 'A title', 'Text', now())`;
    });
    const seen = await database.readAs(
      { userId: null, role: null },
      async (tx) => toSql(tx)`select from articles where slug = ${slug}`,
    );
    expect(seen).toHaveLength(1);
    const epoch = await database.asRelay(
      async (tx) => toSql(tx)<{ is: string }>`select querycast.log_epoch() as is`,
    );
    expect(epoch[0]?.is).toMatch(/^[0-9a-f]{32}$/);
  } finally {
    await database.close();
  }
}

test("two sites share a cluster, each with its own login role", async () => {
  const [one, other] = [await newDatabase(), await newDatabase()];
  const first = urlOf(one, "login_one", "first ' \\ secret");
  const second = urlOf(other, "login-two", "second");
  await migrate(urlOf(one), { appUrl: first });
  await migrate(urlOf(other), { appUrl: second });
  await live(first);
  await live(second);
});

test("a site that uses another site's login role with a different password is refused with the role's name, and the other site works", async () => {
  const [one, other] = [await newDatabase(), await newDatabase()];
  const first = urlOf(one, "shared_name", "of the first");
  await migrate(urlOf(one), { appUrl: first });
  const second = migrate(urlOf(other), { appUrl: urlOf(other, "shared_name", "of the second") });
  await expect(second).rejects.toThrow(
    new RegExp(
      `^The role "shared_name" of DATABASE_URL belongs to .*"${one}".*28P01.*Give DATABASE_URL another role name, e\\.g\\. shared_name_2`,
    ),
  );
  await live(first);
  // With the role's real password, both can log in.
  await migrate(urlOf(other), { appUrl: urlOf(other, "shared_name", "of the first") });
  await live(urlOf(other, "shared_name", "of the first"));
  await live(first);
});

test("the password of a site's login role changes with DATABASE_URL", async () => {
  const name = await newDatabase();
  await migrate(urlOf(name), { appUrl: urlOf(name, "changing", "old") });
  await migrate(urlOf(name), { appUrl: urlOf(name, "changing", "new") });
  await live(urlOf(name, "changing", "new"));
});

test.each([
  [
    "a role that something else uses",
    "stranger",
    /^The role "stranger" .* was not made for a site/,
  ],
  ["the superuser", "super_one", /bypasses row-level security/],
  [
    "a role of transactions",
    "app_auth",
    /^DATABASE_URL logs in as "app_auth", the role of a transaction/,
  ],
])("%s is not taken over as login role, and keeps its password", async (_, user, refusal) => {
  const name = await newDatabase();
  const first = await newDatabase();
  await migrate(urlOf(first), { appUrl: urlOf(first, "some_site", "x") });
  await admin.unsafe(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'stranger') then
        create role stranger login password 'its own';
        create role super_one login superuser password 'its own';
      end if;
    end $$`);
  const passwords = () =>
    admin`select rolname, rolpassword from pg_authid where rolname not like 'login%' order by 1`;
  const before = await passwords();
  await expect(migrate(urlOf(name), { appUrl: urlOf(name, user, "guessed") })).rejects.toThrow(
    refusal,
  );
  expect(await passwords()).toEqual(before);
});

test("after CONNECT is revoked from PUBLIC, a login role can connect to its own site's database only", async () => {
  const [one, other] = [await newDatabase(), await newDatabase()];
  for (const name of [one, other]) {
    await migrate(urlOf(name), { appUrl: urlOf(name, `login_${name}`, "x") });
    await admin.unsafe(`revoke connect on database ${name} from public`);
  }
  await live(urlOf(one, `login_${one}`, "x"));
  await expect(live(urlOf(other, `login_${one}`, "x"))).rejects.toMatchObject({ code: "42501" });
});

test("an owner without superuser rights migrates, and the site works", async () => {
  await admin.unsafe("create role dba login createrole password 'dba'");
  // A superuser has already created these roles, as on a cluster with another site.
  const name = await newDatabase("dba");
  const appUrl = urlOf(name, "dba_login", "x");
  const refused = migrate(urlOf(name, "dba", "dba"), { appUrl });
  await expect(refused).rejects.toThrow(
    /GRANT app_user, app_worker, app_auth, app_relay, app_topic TO <owner> WITH ADMIN OPTION/,
  );
  await admin.unsafe(
    "grant app_user, app_worker, app_auth, app_relay, app_topic to dba with admin option",
  );
  await migrate(urlOf(name, "dba", "dba"), { appUrl });
  await migrate(urlOf(name, "dba", "dba"), { appUrl });
  await live(appUrl);
});

test("an owner that may not create roles uses a login role created by an administrator", async () => {
  await admin.unsafe("create role plain_owner login password 'x'");
  const name = await newDatabase("plain_owner");
  const appUrl = urlOf(name, "made_login", "x");
  const ownerUrl = urlOf(name, "plain_owner", "x");
  await expect(migrate(ownerUrl, { appUrl })).rejects.toThrow(
    /CREATE ROLE "made_login" LOGIN NOINHERIT PASSWORD '…'; GRANT app_user, app_worker/,
  );
  await admin.unsafe(`
    create role made_login login noinherit password 'x';
    grant app_user, app_worker, app_auth, app_relay, app_topic to made_login`);
  await migrate(ownerUrl, { appUrl });
  await live(appUrl);
});

const channels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")),
});

test.each([
  ["pg_control_checkpoint()", ["pg_control_checkpoint()"]],
  [
    "every function that names cluster or timeline",
    [
      "pg_control_checkpoint()",
      "pg_control_system()",
      "pg_walfile_name(pg_lsn)",
      "pg_current_wal_lsn()",
    ],
  ],
])("a log works where the provider refuses %s, and stays the same log", async (_, refused) => {
  const owner = `log_owner_${randomUUID().slice(0, 8)}`;
  await admin.unsafe(`create role ${owner} login password 'x'`);
  const name = await newDatabase(owner);
  const inside = postgres(urlOf(name), { max: 1, onnotice: () => {} });
  onTestFinished(() => inside.end());
  for (const each of refused) await inside.unsafe(`revoke execute on function ${each} from public`);
  const sql = postgres(urlOf(name, owner, "x"), { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  await migrateLog(sql as unknown as Sql);
  const log = createRelayLog({ open: postgresJs(urlOf(name, owner, "x")) });
  const session = await log.open({ notified: () => {}, closed: () => {} });
  onTestFinished(() => session.close());
  const start = (await session.lead()) ?? "";
  const room = channels.room({ roomId: "1" });
  await createSignalLog({ sql: sql as unknown as Sql }).append(sql as unknown as Sql, [
    signal(room, "message.posted", { messageId: "1" }),
  ]);
  const page = await session.read(start);
  expect(page.deliveries).toHaveLength(1);
  expect(await session.isRestored()).toBe(false);
  // A later refusal does not change the log's identity while the timeline can be read in another way.
  if (refused.length === 1) {
    const [before] = await sql`select querycast.log_epoch() as is`;
    await inside.unsafe("grant execute on function pg_control_checkpoint() to public");
    expect((await sql`select querycast.log_epoch() as is`)[0]).toEqual(before);
  }
});

test("a log whose owner may read the control file keeps its identity through the migration that needs fewer rights", async () => {
  const name = await newDatabase();
  const sql = postgres(urlOf(name), { max: 1, onnotice: () => {} });
  onTestFinished(() => sql.end());
  await migrateLog(sql as unknown as Sql);
  const [row] = await sql`
    select querycast.log_epoch() as now, md5(concat_ws(' ', (select id from querycast.log),
      (select system_identifier from pg_control_system()),
      (select timeline_id from pg_control_checkpoint()),
      (select oid from pg_database where datname = current_database()),
      'querycast.log'::regclass::oid)) as before`;
  expect(row?.now).toBe(row?.before);
});
