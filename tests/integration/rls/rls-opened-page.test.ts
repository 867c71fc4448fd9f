import { sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import { openPage } from "@/db/rows/open-page.ts";
import * as schema from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { comments, matrix, reactions, type Seen } from "./rls-matrix.ts";
import { createRlsReader } from "./rls-reader.ts";

const tables = { ...schema };
const { urls, database, read } = createRlsReader();

const onArticle = (label: string): ResourceRef => ({
  resourceType: "article",
  resourceId: idOf(label),
});
const onGist = (label: string): ResourceRef => ({ resourceType: "gist", resourceId: idOf(label) });

describe.each([
  ["an article", onArticle("article")],
  ["the draft of somebody", onArticle("draft")],
  ["a scheduled article", onArticle("scheduled")],
  ["an article about to be deleted", onArticle("going")],
  ["a gist", onGist("gist")],
  ["a private gist of somebody", onGist("private gist")],
  ["an unknown page", onArticle("no such page")],
  ["a comment in place of a page", onArticle("comment on draft")],
  ["a person in place of a page", onArticle("ann")],
] as const)("with %s opened", (_, page) => {
  const hanging = ["comments", "reactions", "articles", "gists", "gistFiles"] as const;
  test.each(
    hanging.flatMap((name) => Object.keys(matrix[name]).map((who) => [name, who] as const)),
  )("S2.9 of %s, %s gets exactly the rows they may see", async (name, who) => {
    const wanted = matrix[name][who as keyof Seen];
    const ids = wanted === "refused" ? wanted : wanted.map(idOf).sort();
    expect(await read(who as keyof Seen, tables[name], page)).toEqual(ids);
  });
});

describe("a page opened by forged SQL", () => {
  /** Reads as rea on the only connection of a pool, after `forge` was run there. */
  async function readAfter(forge: (lonely: Database) => Promise<unknown>) {
    const lonely = createDatabase(urls().appUrl, { maxConnections: 1 });
    try {
      await forge(lonely);
      return await lonely.readAs(viewers.rea, async (tx) => {
        const [{ page } = { page: null }] = await tx.execute<{ page: string | null }>(
          sql`select current_setting('app.page', true) as page`,
        );
        const rows = await Promise.all([
          tx.select({ id: schema.comments.id }).from(schema.comments),
          tx.select({ id: schema.reactions.id }).from(schema.reactions),
        ]);
        return { page, ids: rows.map((found) => found.map(({ id }) => id).sort()) };
      });
    } finally {
      await lonely.close();
    }
  }
  const allowed = [comments, reactions].map((labels) => labels.map(idOf).sort());

  test("S2.9 the page that a viewer opened is closed for the next one on the same connection", async () => {
    const seen = await readAfter((lonely) =>
      lonely.readAs(viewers.ann, (tx) => openPage(tx, onArticle("draft"))),
    );
    expect(seen).toEqual({ page: "", ids: allowed });
  });

  test.each(["draft", "private gist", "scheduled"])(
    "S2.9 a setting that stays on the connection does not open the %s",
    async (label) => {
      const seen = await readAfter((lonely) =>
        lonely.readAs(viewers.ann, (tx) =>
          tx.execute(sql`select set_config('app.page', ${idOf(label)}, false)`),
        ),
      );
      expect(seen).toEqual({ page: idOf(label), ids: allowed });
    },
  );

  test.each(["draft", "private gist"])(
    "S2.9 a public page of the other kind with the id of the %s does not open the latter",
    async (label) => {
      const owner = postgres(urls().ownerUrl, { max: 1, onnotice: () => {} });
      const id = idOf(label);
      if (label === "draft") {
        await owner`insert into gists (id, owner_id, title, visibility) values (${id}, ${idOf("ben")}, '', 'public')`;
      } else {
        await owner`
          insert into articles (id, author_id, slug, title, body, published_at)
          values (${id}, ${idOf("ben")}, 'double', '', '', now())`;
      }
      try {
        for (const [name, labels] of Object.entries({ comments, reactions })) {
          const rows = await read("rea", tables[name as "comments"], {
            resourceType: "article",
            resourceId: id,
          });
          expect(rows).toEqual(labels.map(idOf).sort());
        }
      } finally {
        await owner`delete from gists where id = ${id} and title = ''`;
        await owner`delete from articles where id = ${id} and slug = 'double'`;
        await owner.end();
      }
    },
  );

  test("S2.9 a setting that is no id refuses the read", async () => {
    const reading = readAfter((lonely) =>
      lonely.readAs(viewers.rea, (tx) =>
        tx.execute(sql`select set_config('app.page', 'no id', false)`),
      ),
    );
    await expect(reading).rejects.toMatchObject({ cause: { code: "22P02" } });
  });
});

test("S2.9 with a page opened, its comments and reactions ask for the page once per statement", async () => {
  const loops = (opened: ResourceRef, table: PgTable) =>
    database().readAs(viewers.ann, async (tx) => {
      const [, [explained]] = await Promise.all([
        openPage(tx, opened),
        tx.execute<{ "QUERY PLAN": readonly [{ readonly Plan: PlanNode }] }>(
          sql`explain (analyze, format json) select * from ${table} where id in (
            ${idOf("comment")}, ${idOf("reply")}, ${idOf("like")}, ${idOf("like on comment")})`,
        ),
      ]);
      const nodes = explained ? nodesOf(explained["QUERY PLAN"][0].Plan) : [];
      return {
        perStatement: sumOf(nodes.filter((node) => node["Parent Relationship"] === "InitPlan")),
        perRow: sumOf(nodes.filter((node) => node["Relation Name"] === "articles")),
      };
    });
  for (const table of [schema.comments, schema.reactions]) {
    expect(await loops(onArticle("article"), table)).toEqual({ perStatement: 1, perRow: 0 });
    expect((await loops(onArticle("article of ben"), table)).perRow).toBeGreaterThan(0);
  }
});

interface PlanNode {
  readonly "Relation Name"?: string;
  readonly "Parent Relationship"?: string;
  readonly "Actual Loops": number;
  readonly Plans?: readonly PlanNode[];
}

/** The nodes of a plan, as EXPLAIN ANALYZE prints them. */
const nodesOf = (node: PlanNode): readonly PlanNode[] => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf),
];
const sumOf = (nodes: readonly PlanNode[]) =>
  nodes.reduce((sum, node) => sum + node["Actual Loops"], 0);
