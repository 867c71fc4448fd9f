import { createSharedRead } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Viewer } from "@/db/viewer.ts";
import { listComments } from "@/features/comments/list-comments.ts";
import { addReaction } from "@/features/reactions/add-reaction.ts";
import { countReactions } from "@/features/reactions/count-reactions.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { createReadShared, type ReadShared } from "@/wiring/routes/read-shared.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());

const page = (label: string): ResourceRef => ({
  resourceType: "article",
  resourceId: idOf(label),
});

/** A shared read that records the viewers whose rights it used. */
function setUp() {
  const readers: (string | null)[] = [];
  const read: SiteDatabase["contexts"]["read"] = (viewer) => (action) => {
    readers.push(viewer.userId);
    return site.contexts.read(viewer)(action);
  };
  const readShared = createReadShared(read, createSharedRead<string>({ windowMs: 1 }));
  return { readShared, readers };
}

const everybody = Object.values(viewers);
const ask = (readShared: ReadShared, viewer: Viewer, ref: ResourceRef) =>
  readShared(
    `comments ${ref.resourceId}`,
    async () => viewer,
    (ctx) => listComments(ctx, ref),
  ).then(
    (text) =>
      (JSON.parse(text) as { comments: { body: string }[] }).comments.map(({ body }) => body),
    (error: { code: string }) => error.code,
  );

test("a hundred viewers of a public page share one read with anonymous rights", async () => {
  const { readShared, readers } = setUp();
  const crowd = Array.from({ length: 20 }, () => everybody).flat();
  const answers = await Promise.all(
    crowd.map((viewer) => ask(readShared, viewer, page("article"))),
  );
  expect(readers).toEqual([null]);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toEqual(expect.arrayContaining(["comment", "reply"]));
});

test("M2 concurrent requests for a draft read it only for its author", async () => {
  const { readShared } = setUp();
  const crowd = [...everybody, ...everybody, ...everybody.toReversed()];
  const answers = await Promise.all(crowd.map((viewer) => ask(readShared, viewer, page("draft"))));
  for (const [index, viewer] of crowd.entries()) {
    const isAuthor = viewer.userId === idOf("ann");
    expect(answers[index]).toEqual(isAuthor ? ["comment on draft"] : "not_found");
  }
});

test("M1 a response contains everything that was committed before its request", async () => {
  const { readShared } = setUp();
  const total = async () => {
    const text = await readShared(
      "reactions",
      async () => viewers.rea,
      (ctx: ReadContext) => countReactions(ctx, page("article of ben"), []),
    );
    const counts = JSON.parse(text) as Record<string, Record<string, number>>;
    return Object.values(counts[idOf("article of ben")] ?? {}).reduce((sum, one) => sum + one, 0);
  };
  const kinds = ["like", "love", "insightful", "laugh", "surprise", "support"] as const;
  let given = await total();
  for (const viewer of [viewers.rea, viewers.ann, viewers.kay]) {
    for (const kind of kinds) {
      const underWay = Promise.all([total(), total()]);
      await site.contexts.write(viewer)((ctx) =>
        addReaction(ctx, { reactableType: "article", reactableId: idOf("article of ben"), kind }),
      );
      given += 1;
      expect(await total()).toBe(given);
      await underWay;
    }
  }
});
