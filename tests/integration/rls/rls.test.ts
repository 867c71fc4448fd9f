import { getTableName, sql } from "drizzle-orm";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { TRANSACTION_ROLES } from "@/db/connection/login-role.ts";
import * as schema from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { matrix, type Seen, type TableKey } from "./rls-matrix.ts";
import { createRlsReader } from "./rls-reader.ts";

const tables = { ...schema };
const { urls, database, read } = createRlsReader();

describe.each(Object.keys(matrix) as TableKey[])("%s", (name) => {
  test.each(Object.keys(matrix[name]) as (keyof Seen)[])(
    "S2.9 without WHERE, %s gets exactly the rows they may see",
    async (who) => {
      const wanted = matrix[name][who];
      const ids =
        wanted === "refused"
          ? wanted
          : wanted.map((label) => (/:|^\d+$/.test(label) ? label : idOf(label)));
      expect(await read(who, tables[name])).toEqual(ids === "refused" ? ids : [...ids].sort());
    },
  );
});

describe("numbers of comments in lists", () => {
  const published = { article: 2, "article of ben": 0 };
  const numbers = {
    articleComments: {
      others: published,
      ann: { ...published, draft: 1, scheduled: 0, going: 0 },
    },
    gistComments: { others: { gist: 1 }, ann: { gist: 1, "private gist": 1 } },
  } as const;
  const views = {
    articleComments: (tx: Transaction) =>
      tx
        .select({
          page: schema.articleComments.articleId,
          comments: schema.articleComments.comments,
        })
        .from(schema.articleComments),
    gistComments: (tx: Transaction) =>
      tx
        .select({ page: schema.gistComments.gistId, comments: schema.gistComments.comments })
        .from(schema.gistComments),
  };
  const names = ["articleComments", "gistComments"] as const;
  const people = Object.keys(viewers) as (keyof typeof viewers)[];

  test.each(names.flatMap((name) => people.map((who) => [name, who] as const)))(
    "S2.9 of %s, %s gets exactly the pages they may see",
    async (name, who) => {
      const rows = await database().readAs(viewers[who], views[name]);
      const wanted = numbers[name][who === "ann" ? "ann" : "others"];
      expect(Object.fromEntries(rows.map(({ page, comments }) => [page, comments]))).toEqual(
        Object.fromEntries(Object.entries(wanted).map(([label, n]) => [idOf(label), n])),
      );
    },
  );

  test.each(names)("S2.9 of %s, no other role gets anything", async (name) => {
    for (const as of [database().asWorker, database().asAuth, database().asRelay]) {
      await expect(as(views[name])).rejects.toMatchObject({ cause: { code: "42501" } });
    }
  });

  test("S2.9 an error raised by a query's own condition reveals nothing about the pages of other users", async () => {
    // Divides by zero where a page has one comment, as ann's draft and private gist do.
    const probe = (viewer: (typeof viewers)["ann" | "ben"]) =>
      database().readAs(viewer, (tx) =>
        tx.execute(sql`
          select from ${schema.articleComments} where article_id = ${idOf("draft")} and 1 / (comments - 1) > 0
          union all
          select from ${schema.gistComments} where gist_id = ${idOf("private gist")} and 1 / (comments - 1) > 0`),
      );
    await expect(probe(viewers.ann)).rejects.toMatchObject({ cause: { code: "22012" } });
    expect(await probe(viewers.ben)).toHaveLength(0);
  });
});

test("S2.9 row-level security is forced on every table, and every table has a policy", async () => {
  const owner = postgres(urls().ownerUrl, { max: 1 });
  const found = await owner`
    select relname, relrowsecurity and relforcerowsecurity as forced,
      exists (select from pg_policy where polrelid = pg_class.oid) as has_policy
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`;
  await owner.end();
  expect(found.map((table) => table.relname).sort()).toEqual(
    Object.keys(matrix)
      .map((name) => getTableName(tables[name as TableKey]))
      .sort(),
  );
  for (const table of found) expect(table).toMatchObject({ forced: true, has_policy: true });
});

test("S2.9 the login role itself can reach no table and no log", async () => {
  const app = postgres(urls().appUrl, { max: 1 });
  for (const table of ["public.articles", "public.users", "querycast.signals"]) {
    await expect(app.unsafe(`select from ${table}`)).rejects.toMatchObject({ code: "42501" });
  }
  await app.end();
});

test("S2.9 no transaction role owns a table, is a superuser, or bypasses row-level security", async () => {
  const owner = postgres(urls().ownerUrl, { max: 1 });
  const roles = await owner`
    select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty, rolcanlogin,
      exists (select from pg_class where relowner = pg_roles.oid) as owns
    from pg_roles where rolname like 'app\\_%'`;
  await owner.end();
  expect(roles).toHaveLength(TRANSACTION_ROLES.length);
  for (const role of roles) {
    expect(role).toMatchObject({ mighty: false, rolcanlogin: false, owns: false });
  }
});
