import { queryOptions } from "@tanstack/react-query";
import { live } from "querycast";
import { dashboardArticles, dashboardNumbers } from "@/channels/dashboard.ts";
import { channels } from "@/channels/index.ts";
import { fetchJson, withParams } from "@/lib/http/fetch-json.ts";
import { dashboardKeys } from "./keys.ts";
import type { DashboardView, Day, OwnArticles, Totals } from "./schema.ts";

/**
 * A list of one author's articles. Changed numbers do not reorder it, so that rows do not move under the
 * pointer.
 */
export const ownArticlesQuery = (userId: string, view: DashboardView) =>
  live(
    queryOptions({
      queryKey: dashboardKeys.articles(view),
      queryFn: ({ signal }) =>
        fetchJson<OwnArticles>(withParams("/api/dashboard/articles", view), signal),
    }),
    [dashboardArticles.all(channels.user({ userId }))],
  );

export const totalsQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: dashboardKeys.totals,
      queryFn: ({ signal }) => fetchJson<Totals>("/api/dashboard/totals", signal),
    }),
    [dashboardNumbers.all(channels.user({ userId }))],
  );

export const daysQuery = (userId: string) =>
  live(
    queryOptions({
      queryKey: dashboardKeys.days,
      queryFn: ({ signal }) => fetchJson<readonly Day[]>("/api/dashboard/days", signal),
    }),
    [dashboardNumbers.all(channels.user({ userId }))],
  );

/** The newest daily report. A message makes the page read it again. */
export const reportQuery = queryOptions({
  queryKey: dashboardKeys.report,
  queryFn: ({ signal }) => fetchJson<Day | null>("/api/dashboard/report", signal),
});
