import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Database } from "@/db/database.ts";
import { articles } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { context, publicSlugs, slugs } from "./viewer-context.ts";
import { createViewerRig } from "./viewer-rig.ts";

const { anonymous, ann } = viewers;
const { open, openProxy } = createViewerRig();

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
