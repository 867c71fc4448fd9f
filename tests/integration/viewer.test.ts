import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database, type DatabaseOptions } from "@/db/database.ts";
import { articles, bookmarks, users } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { idOf, insertRows, viewers } from "./rls-rows.ts";
import { context, publicSlugs, slugs, terminate } from "./viewer-context.ts";
import { type PostgresProxy, startPostgresProxy } from "./viewer-proxy.ts";

const { anonymous, ann, rea } = viewers;

let testDatabase: TestDatabase;
let owner: postgres.Sql;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await insertRows(testDatabase.ownerUrl);
  owner = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner?.end();
  await testDatabase?.close();
});

function open(options?: DatabaseOptions, url = testDatabase.appUrl): Database {
  const database = createDatabase(url, options);
  onTestFinished(() => database.close());
  return database;
}

async function openProxy(): Promise<PostgresProxy> {
  const proxy = await startPostgresProxy(testDatabase.appUrl);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe("identity", () => {
  test("S2.9 a transaction of an anonymous viewer sees only public rows", async () => {
    expect(await open().readAs(anonymous, slugs)).toEqual(publicSlugs);
  });

  test("S2.9 a transaction without a context sees only public rows", async () => {
    const app = postgres(testDatabase.appUrl, { max: 1 });
    const rows = await app.begin(async (tx) => {
      await tx`set local role app_user`;
      return tx`select slug from articles order by slug`;
    });
    await app.end();
    expect(rows.map((row) => row.slug)).toEqual(publicSlugs);
  });

  test("S2.9 an invalid identity is refused and sees nothing", async () => {
    const forged = { userId: "' or true --", role: "reader" } as const;
    await expect(open().readAs(forged, slugs)).rejects.toMatchObject({ cause: { code: "22P02" } });
  });

  test("S2.9 a connection does not keep its viewer, also after an error", async () => {
    const database = open({ maxConnections: 1 });
    const before = await database.readAs(ann, context);
    expect(before).toMatchObject({ role: "app_user", user: ann.userId });
    await expect(database.readAs(ann, (tx) => tx.execute(sql`select 1 / 0`))).rejects.toMatchObject(
      { cause: { code: "22012" } },
    );
    await expect(
      database.writeAs(ann, async () => {
        throw new Error("the action failed");
      }),
    ).rejects.toThrow("the action failed");
    expect(await database.readAs(anonymous, context)).toEqual({ ...before, user: null });
    expect(await database.readAs(anonymous, slugs)).toEqual(publicSlugs);
    expect(await database.asWorker(context)).toEqual({ ...before, role: "app_worker", user: null });
  });

  test("S2.9 a thousand users on four connections each see exactly their own rows, also after errors", async () => {
    const database = open({ maxConnections: 4 });
    const ids = (
      await owner`
        with made as (
          insert into users (handle, name, role)
          select 'user-' || n, 'User', 'author' from generate_series(0, 999) as n returning id, handle
        ), drafts as (
          insert into articles (author_id, slug, title, body) select id, handle, '', '' from made
        )
        select id from made order by substring(handle from 6)::int`
    ).map((row) => row.id as string);
    const failing = (tx: Transaction) => tx.execute(sql`select 1 / 0`);
    const outcomes = await Promise.all(
      ids.map(async (userId, n) => {
        const viewer = n % 5 === 0 ? anonymous : ({ userId, role: "author" } as const);
        if (n % 7 === 0) await database.writeAs(viewer, failing).catch(() => {});
        if (n % 11 === 0) await database.writeAs(viewer, (tx) => tx.delete(users)).catch(() => {});
        const [own, again] = await Promise.all([
          database.readAs(viewer, slugs),
          database.writeAs(viewer, slugs),
        ]);
        return [own, again];
      }),
    );
    for (const [n, seen] of outcomes.entries()) {
      const expected = n % 5 === 0 ? publicSlugs : [...publicSlugs, `user-${n}`];
      expect(seen).toEqual([expected, expected]);
    }
    await owner`delete from users where handle like 'user-%'`;
  }, 120_000);
});

describe("failures", () => {
  const bookmark = (tx: Transaction) =>
    tx.insert(bookmarks).values({ userId: rea.userId, gistId: idOf("gist") });
  const kept = () => owner`select from bookmarks where gist_id = ${idOf("gist")}`;

  test("a failed write changes nothing", async () => {
    const writing = open().writeAs(rea, async (tx) => {
      await bookmark(tx);
      throw new Error("afterwards");
    });
    await expect(writing).rejects.toThrow("afterwards");
    expect(await kept()).toHaveLength(0);
  });

  test("a write whose error was caught is not reported as committed", async () => {
    const writing = open().writeAs(rea, async (tx) => {
      await bookmark(tx);
      await tx.execute(sql`select 1 / 0`).then(
        () => {},
        () => {},
      );
    });
    await expect(writing).rejects.toMatchObject({ code: "rolled_back" });
    expect(await kept()).toHaveLength(0);
  });

  test("a connection lost before the commit fails the write, and the next write gets a new connection", async () => {
    const database = open({ maxConnections: 1 });
    const writing = database.writeAs(rea, async (tx) => {
      await bookmark(tx);
      await terminate(owner, (await context(tx)).pid);
    });
    await expect(writing).rejects.toMatchObject({
      code: expect.stringMatching(/lost|CLOSED|57P01|ECONNRESET/),
    });
    expect(await kept()).toHaveLength(0);
    expect(await database.readAs(rea, context)).toMatchObject({ user: rea.userId });
  });

  test("a transaction stops after its connection was lost", async () => {
    const database = open({ maxConnections: 1 });
    let second: unknown;
    const writing = database.writeAs(rea, async (tx) => {
      await terminate(owner, (await context(tx)).pid);
      second = await bookmark(tx).then(
        () => "written",
        (error: unknown) => error,
      );
    });
    await expect(writing).rejects.toThrow();
    expect(second).not.toBe("written");
    expect(await kept()).toHaveLength(0);
  });

  test("a lost idle connection does not affect the next viewer", async () => {
    const database = open({ maxConnections: 1 });
    const { pid } = await database.readAs(ann, context);
    await terminate(owner, pid);
    await expect
      .poll(() => database.readAs(anonymous, slugs).catch(() => "lost"))
      .toEqual(publicSlugs);
  });

  test("Postgres ends a statement that takes too long", async () => {
    const database = open({ maxConnections: 1, statementTimeoutMs: 50 });
    const reading = database.readAs(ann, (tx) => tx.execute(sql`select pg_sleep(10)`));
    await expect(reading).rejects.toMatchObject({ cause: { code: "57014" } });
    expect(await database.readAs(anonymous, slugs)).toEqual(publicSlugs);
  });

  test("a transaction that takes too long returns its connection to the pool", async () => {
    const database = open({ maxConnections: 1, transactionTimeoutMs: 100 });
    const hanging = database.writeAs(rea, async (tx) => {
      await bookmark(tx);
      await new Promise(() => {});
    });
    await expect(hanging).rejects.toMatchObject({ code: "timed_out" });
    expect(await database.readAs(anonymous, slugs)).toEqual(publicSlugs);
    expect(await kept()).toHaveLength(0);
  });

  test("a network that loses all bytes causes an error instead of an endless wait", async () => {
    const proxy = await openProxy();
    const database = open({ maxConnections: 1, transactionTimeoutMs: 200 }, proxy.url);
    await database.writeAs(ann, slugs);
    proxy.freeze();
    await expect(database.readAs(ann, slugs)).rejects.toMatchObject({ code: "timed_out" });
  });

  test("connections that break during transactions fail only these", async () => {
    const proxy = await openProxy();
    const database = open({ maxConnections: 2 }, proxy.url);
    const sleeping = Array.from({ length: 2 }, () =>
      database.readAs(ann, (tx) => tx.execute(sql`select pg_sleep(5)`)),
    );
    await expect
      .poll(() => owner`select from pg_stat_activity where query like 'select pg_sleep%'`)
      .toHaveLength(2);
    const next = database.readAs(anonymous, slugs);
    proxy.cut();
    const outcomes = await Promise.allSettled(sleeping);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    expect(await next).toEqual(publicSlugs);
  });

  test("an unreachable database is an error only while it is unreachable", async () => {
    const database = open({}, "postgres://inkwell_app:inkwell_app@127.0.0.1:1/none");
    await expect(database.readAs(ann, slugs)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(database.readAs(ann, slugs)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a transaction ends when its function returns", async () => {
    const escaped = await open().readAs(ann, async (tx) => ({ tx }));
    await expect(slugs(escaped.tx)).rejects.toMatchObject({ cause: { code: "transaction_ended" } });
  });

  test("waiting for a connection times out with a reason and leaves the queue", async () => {
    const database = open({ maxConnections: 1, waitMs: 500 });
    const nested = database.readAs(ann, () => database.readAs(ann, slugs));
    await expect(nested).rejects.toMatchObject({ code: "pool_exhausted" });
    expect(await database.readAs(anonymous, slugs)).toEqual(publicSlugs);
  });

  test("closing lets running transactions finish and refuses new ones", async () => {
    const database = createDatabase(testDatabase.appUrl, { maxConnections: 1 });
    const reading = database.readAs(anonymous, slugs);
    const waiting = database.readAs(anonymous, slugs);
    const closing = database.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    expect(await reading).toEqual(publicSlugs);
    await closing;
    await expect(database.readAs(anonymous, slugs)).rejects.toMatchObject({ code: "closed" });
  });
});

describe("round trips", () => {
  async function trips(run: (database: Database) => Promise<unknown>): Promise<number> {
    const proxy = await openProxy();
    const database = open({ maxConnections: 1 }, proxy.url);
    await run(database); // connects and prepares
    await database.writeAs(anonymous, async () => {}); // wait until nothing is in flight
    const before = proxy.roundTrips();
    await run(database);
    return proxy.roundTrips() - before;
  }
  const one = (tx: Transaction) => tx.select().from(articles).where(eq(articles.slug, "article"));

  test("a read takes one round trip, including its session context", async () => {
    expect(await trips((database) => database.readAs(ann, one))).toBe(1);
  });

  test("ten decisions in one read take one round trip, eighty take two", async () => {
    const decide = (count: number) => (tx: Transaction) =>
      Promise.all(Array.from({ length: count }, () => one(tx)));
    expect(await trips((database) => database.readAs(ann, decide(10)))).toBe(1);
    // Beyond one kilobyte the kernel delays a packet until the server has answered.
    expect(await trips((database) => database.readAs(ann, decide(80)))).toBeLessThanOrEqual(2);
  });

  test("a read does not wait for its COMMIT, which is sent with it", async () => {
    const both = async (database: Database) => {
      await database.readAs(ann, one);
      await database.readAs(ann, one);
    };
    expect(await trips(both)).toBe(2);
  });

  test("S2.9 a connection goes to the next read before COMMIT is answered, which sees only its own rows", async () => {
    const database = open({ maxConnections: 1 });
    const seen = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        database.readAs(n % 2 === 0 ? ann : anonymous, async (tx) => [
          await context(tx),
          await slugs(tx),
        ]),
      ),
    );
    const [first, second] = seen;
    expect(first).not.toEqual(second);
    expect(seen).toEqual(seen.map((_, n) => (n % 2 === 0 ? first : second)));
  });

  test("a read that fails keeps its connection until its other queries have ended", async () => {
    const database = open({ maxConnections: 1 });
    const failing = database.readAs(ann, (tx) =>
      Promise.all([tx.execute(sql`select pg_sleep(0.3)`), Promise.reject(new Error("given up"))]),
    );
    await expect(failing).rejects.toThrow("given up");
    expect(await database.readAs(anonymous, slugs)).toEqual(publicSlugs);
  });

  test("a query that depends on a result takes one more round trip, as the same viewer", async () => {
    const twice = async (tx: Transaction) => [
      await context(tx),
      await slugs(tx),
      await context(tx),
    ];
    expect(await trips((database) => database.readAs(ann, twice))).toBe(3);
    const [first, seen, last] = await open().readAs(ann, twice);
    expect(last).toEqual(first);
    expect(seen).toContain("draft");
  });

  test("S2.9 no statement of a read can write, after any earlier statement", async () => {
    const late = open().readAs(ann, async (tx) => {
      await slugs(tx);
      await tx.update(articles).set({ title: "x" });
    });
    await expect(late).rejects.toMatchObject({ cause: { code: "25006" } });
  });

  test("a write takes one more round trip, for its commit", async () => {
    const touch = (tx: Transaction) => tx.update(articles).set({ excerpt: "new" });
    expect(await trips((database) => database.writeAs(ann, touch))).toBe(2);
  });
});
