import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countView, visitorOf } from "@/features/articles/read/count-view.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createArticleActions } from "./article-actions.ts";

const { anonymous, ann, rea } = viewers;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

const { remove, published } = createArticleActions(() => site);

describe("a view", () => {
  const secret = "a secret of at least 32 characters";
  const view = (articleId: string, viewer: (typeof viewers)[keyof typeof viewers], who: string) =>
    site.contexts.note(viewer)((ctx) =>
      countView(ctx, { articleId, visitor: visitorOf(who, { secret, now: new Date() }) }),
    );
  const views = async (articleId: string) => {
    const [row] = await site.owner<{ count: number }[]>`
      select count(*)::int from article_views where article_id = ${articleId}`;
    return row?.count;
  };
  const told = async () =>
    (await site.newSignals({ toAuthors: true })).filter(({ name }) => name === "article.viewed");

  test("is counted once per visitor and day, with one signal to the author", async () => {
    const { input } = await published();
    for (const who of ["rea", "rea", "a browser", "another browser", "rea"]) {
      await view(input.articleId, who === "rea" ? rea : anonymous, who);
    }
    expect(await views(input.articleId)).toBe(3);
    expect(await told()).toEqual(
      Array(3).fill({
        channel: `user.${idOf("ann")}`,
        name: "article.viewed",
        ids: { articleId: input.articleId },
      }),
    );
  });

  test("by the author, of a draft or of a deleted article is not counted", async () => {
    const { input } = await published();
    await view(input.articleId, ann, "ann");
    await remove(input.articleId);
    await view(input.articleId, rea, "rea");
    await view(idOf("draft"), ann, "ann");
    await view(idOf("draft"), rea, "rea");
    await view(randomUUID(), rea, "rea");
    expect(await views(input.articleId)).toBe(0);
    expect(await views(idOf("draft"))).toBe(0);
    expect(await told()).toEqual([]);
  });

  test("has a visitor hash that changes daily and cannot be computed without the secret", () => {
    const of = (who: string, day: string, key = secret) =>
      visitorOf(who, { secret: key, now: new Date(`${day}T12:00:00Z`) });
    const one = of("rea", "2026-01-01");
    expect(of("rea", "2026-01-01")).toBe(one);
    const others = [
      of("ann", "2026-01-01"),
      of("rea", "2026-01-02"),
      of("rea", "2026-01-01", "another secret of many"),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
    expect(one).not.toContain("rea");
  });
});
