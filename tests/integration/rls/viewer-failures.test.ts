import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { createDatabase } from "@/db/database.ts";
import { bookmarks } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { context, publicSlugs, slugs, terminate } from "./viewer-context.ts";
import { createViewerRig } from "./viewer-rig.ts";

const { anonymous, ann, rea } = viewers;
const { owner, appUrl, open, openProxy } = createViewerRig();

describe("failures", () => {
  const bookmark = (tx: Transaction) =>
    tx.insert(bookmarks).values({ userId: rea.userId, gistId: idOf("gist") });
  const kept = () => owner()`select from bookmarks where gist_id = ${idOf("gist")}`;

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
      await terminate(owner(), (await context(tx)).pid);
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
      await terminate(owner(), (await context(tx)).pid);
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
    await terminate(owner(), pid);
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
    // Longer than the test: the statements end by the cut alone.
    const limits = { statementTimeoutMs: 120_000, transactionTimeoutMs: 120_000 };
    const database = open({ maxConnections: 2, ...limits }, proxy.url);
    const sleeping = Promise.allSettled(
      Array.from({ length: 2 }, () =>
        database.readAs(ann, (tx) => tx.execute(sql`select pg_sleep(120)`)),
      ),
    );
    const bothSleep = vi.waitFor(async () => {
      const found = await owner()`
        select from pg_stat_activity
        where datname = current_database() and query like 'select pg_sleep%'`;
      expect(found).toHaveLength(2);
    });
    // A statement that fails earlier shows its error here.
    expect(await Promise.race([bothSleep, sleeping])).toBeUndefined();
    const next = database.readAs(anonymous, slugs);
    proxy.cut();
    const outcomes = await sleeping;
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
    const database = createDatabase(appUrl(), { maxConnections: 1 });
    const reading = database.readAs(anonymous, slugs);
    const waiting = database.readAs(anonymous, slugs);
    const closing = database.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
    expect(await reading).toEqual(publicSlugs);
    await closing;
    await expect(database.readAs(anonymous, slugs)).rejects.toMatchObject({ code: "closed" });
  });
});
