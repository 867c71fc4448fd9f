export const statuses = ["published", "draft", "deleting"] as const;
export type Status = (typeof statuses)[number];

export const sorts = ["newest", "viewed", "discussed", "reacted"] as const;
export type Sort = (typeof sorts)[number];

/** Identifies a list of the author's articles. */
interface View {
  readonly status: Status;
  readonly sort: Sort;
}

export const dashboardKeys = {
  /** Prefix of all lists of the author's articles. */
  allArticles: ["dashboard-articles"] as const,
  articles: ({ status, sort }: View) => ["dashboard-articles", { status, sort }] as const,
  /** Views, comments and reactions of each article. */
  totals: ["dashboard-numbers", "totals"] as const,
  /** The same for all articles, by day. */
  days: ["dashboard-numbers", "days"] as const,
  report: ["daily-report"] as const,
};
