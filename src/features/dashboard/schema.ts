import { z } from "zod";
import { type Status, sorts, statuses } from "./keys.ts";

/** Status and order of a list of the author's articles. */
export const dashboardView = z.object({
  status: z.enum(statuses).catch("published"),
  sort: z.enum(sorts).catch("newest"),
});
export type DashboardView = z.infer<typeof dashboardView>;

/** An article in its author's list. Times are ISO 8601. */
export interface OwnArticle {
  readonly id: string;
  readonly slug: string;
  /** Empty for a draft without a title. */
  readonly title: string;
  readonly status: Status;
  readonly publishedAt: string | null;
  readonly updatedAt: string;
  /** When a deleted article will be removed. */
  readonly deleteAt: string | null;
}

export interface OwnArticles {
  readonly rows: readonly OwnArticle[];
  /** Counts of all the author's articles, whichever status the list shows. */
  readonly counts: Readonly<Record<Status, number>>;
}

export interface Numbers {
  readonly views: number;
  readonly comments: number;
  readonly reactions: number;
}

/** By id of the article. */
export type Totals = Readonly<Record<string, Numbers>>;

/** One of the last thirty days, `2026-01-31` in the time zone of the database. */
export interface Day extends Numbers {
  readonly day: string;
}
