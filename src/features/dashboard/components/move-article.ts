import type { DashboardView, OwnArticle, OwnArticles } from "../schema.ts";

/**
 * A list as it will be once an article has another status: without it, or with it on top, where it is
 * most likely looked for; the next read puts it in its place.
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
