import type { DashboardView } from "./schema.ts";

export const dashboardKeys = {
  /** Every list of the author's articles, whatever its status and order. */
  allArticles: ["dashboard-articles"] as const,
  articles: ({ status, sort }: DashboardView) => ["dashboard-articles", { status, sort }] as const,
  /** Views, comments and reactions of each article. */
  totals: ["dashboard-numbers", "totals"] as const,
  /** The same of all of them, day by day. */
  days: ["dashboard-numbers", "days"] as const,
};
