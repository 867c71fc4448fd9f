import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import { type Broker, createRelay, createRelayLog, type RelayEvent } from "querycast/server";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase, type Database, type DatabaseOptions } from "@/db/database.ts";
import { migrate } from "@/db/migrate.ts";
import { articles, bookmarks } from "@/db/schema.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import { type PgBouncer, startPgBouncer } from "../../support/database/pgbouncer.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { startPostgresProxy } from "../../support/database/viewer-proxy.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
let transactions: PgBouncer;
let sessions: PgBouncer;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  transactions = await startPgBouncer(site.appUrl, "transaction", 2);
  sessions = await startPgBouncer(site.appUrl, "session");
});
afterAll(async () => {
  await transactions?.close();
  await sessions?.close();
  await site?.close();
});

function open(url: string, options: DatabaseOptions = {}): Database {
  const database = createDatabase(url, options);
  onTestFinished(() => database.close());
  return database;
}

function postgresOf(url: string): postgres.Sql {
  const client = postgres(url, { max: 1, prepare: false, fetch_types: false, onnotice: () => {} });
  onTestFinished(() => client.end({ timeout: 0 }));
  return client;
}

const page = channels.resource({ resourceType: "article", resourceId: idOf("article") });
const slugs = async (tx: Transaction) =>
  (await tx.select({ slug: articles.slug }).from(articles)).map(({ slug }) => slug);
/** Role, viewer and backend of a transaction. */
const context = async (tx: Transaction) => {
  const [row] = await toSql(tx)<{ user: string; role: string; pid: number; timeout: string }>`
    select current_user as role, current_setting('app.user_id', true) as user,
      pg_backend_pid() as pid, current_setting('statement_timeout') as timeout`;
  return row;
};

test.each(["transaction", "session"] as const)(
  "many viewers read and write through PgBouncer in %s mode, each with only their own rights",
  async (mode) => {
    const pooler = mode === "transaction" ? transactions : sessions;
    const database = open(pooler.through(site.appUrl), { maxConnections: 5 });
    const everybody: Viewer[] = [viewers.anonymous, viewers.rea, viewers.ann, viewers.ben];
    const expected = await Promise.all(
      everybody.map((viewer) => site.database.readAs(viewer, slugs).then((all) => all.sort())),
    );
    const backends = new Set<number>();
    await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const viewer = everybody[index % 4] as Viewer;
        const seen = await database.readAs(viewer, async (tx) => {
          const first = await context(tx);
          const [all, article] = await Promise.all([
            slugs(tx),
            tx.select().from(articles).where(eq(articles.slug, "article")),
          ]);
          const last = await context(tx);
          for (const each of [first, last]) {
            expect(each).toMatchObject({
              user: viewer.userId ?? "",
              role: "app_user",
              timeout: "5s",
            });
            backends.add(each?.pid ?? 0);
          }
          expect(article).toHaveLength(1);
          return all;
        });
        expect(seen.sort()).toEqual(expected[index % 4]);
      }),
    );
    // In transaction mode five connections share two backends.
    expect(backends.size).toBeLessThanOrEqual(mode === "transaction" ? 2 : 5);
    const kept = { userId: viewers.rea.userId, articleId: idOf("article of ben") };
    await database.writeAs(viewers.rea, async (tx) => {
      await tx.delete(bookmarks).where(eq(bookmarks.userId, kept.userId));
      await tx.insert(bookmarks).values(kept);
    });
    const stolen = database.writeAs(viewers.ann, (tx) => tx.insert(bookmarks).values(kept));
    await expect(stolen).rejects.toMatchObject({ cause: { code: "42501" } });
    const own = await database.readAs(viewers.rea, (tx) => tx.select().from(bookmarks));
    expect(own).toEqual([expect.objectContaining(kept)]);
  },
);

test("a transaction leaves no state on the backend that a pooler gives to the next client", async () => {
  const database = open(transactions.through(site.appUrl), { statementTimeoutMs: 1_234 });
  await database.writeAs(viewers.ann, context);
  await database.readAs(viewers.ann, context);
  const failing = database.writeAs(viewers.ann, (tx) => tx.execute(sql`select 1 / 0`));
  await expect(failing).rejects.toMatchObject({ cause: { code: "22012" } });
  const other = postgresOf(transactions.through(site.appUrl));
  for (let round = 0; round < 10; round += 1) {
    const [left] = await other.unsafe(
      "select current_user as role, coalesce(current_setting('app.user_id', true), '') as viewer, current_setting('statement_timeout') as timeout, (select count(*)::int from pg_prepared_statements where statement like '%set_config%') as prepared",
    );
    expect(left).toEqual({ role: "inkwell_app", viewer: "", timeout: "0", prepared: 0 });
  }
});

test("statement timeouts hold behind a pooler", async () => {
  const database = open(transactions.through(site.appUrl), { statementTimeoutMs: 50 });
  const slow = database.readAs(viewers.ann, (tx) => tx.execute(sql`select pg_sleep(5)`));
  await expect(slow).rejects.toMatchObject({ cause: { code: "57014" } });
});

test("text of any kind reaches a transaction behind a pooler as data", async () => {
  const database = open(transactions.through(site.appUrl));
  const odd = `'; drop table articles; -- \\' \u{1f642}`;
  const seen = await database.readAs(
    { userId: odd, role: "reader" },
    async (tx) => toSql(tx)<{ id: string }>`select current_setting('app.user_id') as id`,
  );
  expect(seen).toEqual([{ id: odd }]);
});

test.each([
  ["pgbouncer=true&schema=public&connection_limit=2", "5s"],
  ["options=-c%20work_mem%3D5MB", "5s"],
])(
  "a connection string with %s works through PgBouncer in transaction mode",
  async (query, timeout) => {
    const database = open(`${transactions.through(site.appUrl)}?${query}`);
    expect(await database.readAs(viewers.ann, context)).toMatchObject({
      role: "app_user",
      timeout,
    });
    const [memory] = await database.readAs(
      viewers.ann,
      async (tx) => toSql(tx)<{ is: string }>`select current_setting('work_mem') as is`,
    );
    if (query.includes("work_mem")) expect(memory?.is).toBe("5MB");
  },
);

test("behind a pooler a query with parameters takes one more round trip, one without takes none", async () => {
  const proxy = await startPostgresProxy(transactions.through(site.appUrl));
  onTestFinished(() => proxy.close());
  const database = open(proxy.url, { maxConnections: 1 });
  const trips = async (run: (tx: Transaction) => Promise<unknown>) => {
    await database.readAs(viewers.ann, run);
    await database.writeAs(viewers.anonymous, async () => {}); // wait until nothing is in flight
    const before = proxy.roundTrips();
    await database.readAs(viewers.ann, run);
    return proxy.roundTrips() - before;
  };
  expect(await trips(slugs)).toBe(1);
  const one = (tx: Transaction) => tx.select().from(articles).where(eq(articles.slug, "article"));
  expect(await trips(one)).toBe(2);
});

test.each(["transaction", "session"] as const)(
  "the owner migrates an empty database through PgBouncer in %s mode",
  async (mode) => {
    const name = `pooled_${randomUUID().slice(0, 8)}`;
    await site.owner.unsafe(`create database ${name}`);
    onTestFinished(async () => {
      await site.owner.unsafe(`drop database ${name} with (force)`);
    });
    const pooler = await startPgBouncer(site.ownerUrl, mode);
    onTestFinished(() => pooler.close());
    const [ownerUrl, appUrl] = [site.ownerUrl, site.appUrl].map((each) => {
      const url = new URL(each);
      url.pathname = name;
      return url.href;
    }) as [string, string];
    await migrate(pooler.through(ownerUrl), { appUrl });
    await migrate(pooler.through(ownerUrl), { appUrl });
    expect(await open(appUrl).readAs(viewers.anonymous, slugs)).toEqual([]);
  },
);

/** A relay that connects to a URL, with its deliveries. */
function startRelay(url: string) {
  const delivered: string[] = [];
  const events: RelayEvent[] = [];
  const broker: Broker = {
    publish: async (deliveries) => {
      for (const { signal: each } of deliveries) delivered.push(JSON.stringify(each.ids));
    },
  } as Broker;
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(url, { connection: { role: "app_relay" } }) }),
    broker,
    onEvent: (event) => events.push(event),
  });
  relay.start();
  onTestFinished(() => relay.stop());
  return { delivered, events };
}

test("a relay leads, listens and delivers through PgBouncer in session mode", async () => {
  const { delivered } = startRelay(sessions.through(site.appUrl));
  const commentId = randomUUID();
  await site.contexts.write(viewers.ann)((ctx) =>
    ctx.publish(signal(page, "comment.created", { commentId })),
  );
  await vi.waitFor(() => expect(delivered.join()).toContain(commentId), { timeout: 10_000 });
});

test("a relay behind a pooler in transaction mode fails with a remedy and leaves no role and no lock", async () => {
  const pooler = await startPgBouncer(site.appUrl, "transaction", 2);
  onTestFinished(() => pooler.close());
  const { events } = startRelay(pooler.through(site.appUrl));
  await vi.waitFor(
    () =>
      expect(events.find(({ type }) => type === "database-failed")).toMatchObject({
        error: {
          message: expect.stringMatching(/pooler in transaction mode.*DATABASE_RELAY_URL/),
        },
      }),
    { timeout: 20_000 },
  );
  const other = postgresOf(pooler.through(site.appUrl));
  for (let round = 0; round < 6; round += 1) {
    const [left] = await other.unsafe(
      "select current_user as role, (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks",
    );
    expect(left).toEqual({ role: "inkwell_app", locks: 0 });
  }
});
