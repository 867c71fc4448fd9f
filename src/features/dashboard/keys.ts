export const statuses = ["published", "draft", "deleting"] as const;
export type Status = (typeof statuses)[number];

export const sorts = ["newest", "viewed", "discussed", "reacted"] as const;
export type Sort = (typeof sorts)[number];

/** What tells one list of the author's articles from another. */
interface View {
  readonly status: Status;
  readonly sort: Sort;
}

export const dashboardKeys = {
  /** Every list of the author's articles, whatever its status and order. */
  allArticles: ["dashboard-articles"] as const,
  articles: ({ status, sort }: View) => ["dashboard-articles", { status, sort }] as const,
  /** Views, comments and reactions of each article. */
  totals: ["dashboard-numbers", "totals"] as const,
  /** The same of all of them, day by day. */
  days: ["dashboard-numbers", "days"] as const,
};
