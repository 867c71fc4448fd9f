import { sql } from "drizzle-orm";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { users } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { context, publicSlugs, slugs } from "./viewer-context.ts";
import { createViewerRig } from "./viewer-rig.ts";

const { anonymous, ann } = viewers;
const { owner, appUrl, open } = createViewerRig();

describe("identity", () => {
  test("S2.9 a transaction of an anonymous viewer sees only public rows", async () => {
    expect(await open().readAs(anonymous, slugs)).toEqual(publicSlugs);
  });

  test("S2.9 a transaction without a context sees only public rows", async () => {
    const app = postgres(appUrl(), { max: 1 });
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
    // All of them queue at once, so the last ones wait for as long as the rest takes.
    const database = open({ maxConnections: 4, waitMs: 100_000 });
    const ids = (
      await owner()`
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
    await owner()`delete from users where handle like 'user-%'`;
  }, 120_000);
});
