import { expect, test } from "vitest";
import type { OwnArticle, OwnArticles } from "../schema.ts";
import { moveArticle } from "./move-article.ts";

const article = (id: string): OwnArticle => ({
  id,
  slug: id,
  title: id,
  status: "published",
  publishedAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  deleteAt: null,
});
const counts = { published: 2, draft: 1, deleting: 0 };
const published: OwnArticles = { rows: [article("a"), article("b")], counts };
const gone: OwnArticle = {
  ...article("a"),
  status: "deleting",
  deleteAt: "2026-01-08T00:00:00.000Z",
};
const moved = { published: 1, draft: 1, deleting: 1 };

test("a deleted article leaves its list, and all counts agree", () => {
  const list = moveArticle(published, { status: "published", sort: "newest" }, article("a"), gone);
  expect(list).toEqual({ rows: [article("b")], counts: moved });
});

test("a deleted article is at the top of the list of deleted articles, once", () => {
  const view = { status: "deleting", sort: "newest" } as const;
  const list = moveArticle({ rows: [], counts }, view, article("a"), gone);
  expect(list).toEqual({ rows: [gone], counts: moved });
});

test("a restored article returns to its list", () => {
  const view = { status: "deleting", sort: "newest" } as const;
  const list = moveArticle({ rows: [gone], counts: moved }, view, gone, article("a"));
  expect(list).toEqual({ rows: [], counts });
});
