import { z } from "zod";
import { type Status, sorts, statuses } from "./keys.ts";

/** Which of the author's articles a list shows, and in which order. */
export const dashboardView = z.object({
  status: z.enum(statuses).catch("published"),
  sort: z.enum(sorts).catch("newest"),
});
export type DashboardView = z.infer<typeof dashboardView>;

/** An article in its author's list. Times are ISO 8601. */
export interface OwnArticle {
  readonly id: string;
  readonly slug: string;
  /** Empty while a draft has none. */
  readonly title: string;
  readonly status: Status;
  readonly publishedAt: string | null;
  readonly updatedAt: string;
  /** When it will be gone, if it is deleted. */
  readonly deleteAt: string | null;
}

export interface OwnArticles {
  readonly rows: readonly OwnArticle[];
  /** Of all the author's articles, whatever the list shows. */
  readonly counts: Readonly<Record<Status, number>>;
}

export interface Numbers {
  readonly views: number;
  readonly comments: number;
  readonly reactions: number;
}

/** By id of the article. */
export type Totals = Readonly<Record<string, Numbers>>;

/** One day of the last thirty, `2026-01-31` in the database's time. */
export interface Day extends Numbers {
  readonly day: string;
}
