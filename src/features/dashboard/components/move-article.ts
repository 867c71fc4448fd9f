import type { DashboardView, OwnArticle, OwnArticles } from "../schema.ts";

/**
 * Optimistic update of a list when an article gets another status: the article is removed, or added at the
 * top. The next fetch sorts it.
 */
export function moveArticle(
  list: OwnArticles,
  view: DashboardView,
  before: OwnArticle,
  after: OwnArticle,
): OwnArticles {
  const others = list.rows.filter(({ id }) => id !== before.id);
  const counts = { ...list.counts };
  counts[before.status] -= 1;
  counts[after.status] += 1;
  return { rows: view.status === after.status ? [after, ...others] : others, counts };
}
