import type * as schema from "../schema.ts";
import type { Page } from "./page-rows.ts";
import { stableChance, stableId } from "./stable.ts";

const dayMs = 86_400_000;
const countedDays = 30;
/** Maximum views of an article on its first day. */
const most = 48;
/** Views on later days, as a share of the first day. */
const lasting = 0.08;

/** Views of the last days: many when an article is new, few later, fewer on weekends. */
export function viewRows(
  pages: readonly Page[],
  now: Date,
): (typeof schema.articleViews.$inferInsert)[] {
  const articles = pages.filter(({ type }) => type === "article");
  const ages = Array.from({ length: countedDays }, (_, daysAgo) => daysAgo);
  return articles.flatMap(({ id, createdAt }) =>
    ages.flatMap((daysAgo) => {
      const date = new Date(now.getTime() - daysAgo * dayMs);
      const day = date.toISOString().slice(0, 10);
      const age = Math.floor((date.getTime() - createdAt.getTime()) / dayMs);
      if (age < 0) return [];
      const interest = 0.25 + 0.75 * stableChance(`read:${id}`);
      const novelty = lasting + (1 - lasting) * 0.6 ** age;
      const weekday = [0, 6].includes(date.getUTCDay()) ? 0.6 : 1;
      // Depends on the number of days before seeding and not on the date, so that it is stable.
      const luck = 0.5 + stableChance(`luck:${id}:${daysAgo}`);
      const views = Math.round(most * interest * novelty * weekday * luck);
      return Array.from({ length: views }, (_, visitor) => ({
        articleId: id,
        day,
        // Never later than now: the job that counts readers would count a view when its minute comes.
        viewedAt: new Date(`${day}T00:00:00Z`),
        visitor: stableId(`visitor:${id}:${daysAgo}:${visitor}`).replaceAll("-", ""),
      }));
    }),
  );
}
