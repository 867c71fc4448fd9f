import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { restoreArticleAction, scheduleDeletionAction } from "@/features/articles/actions.ts";
import { DailyReport } from "@/features/dashboard/components/daily-report.tsx";
import { DayChart } from "@/features/dashboard/components/day-chart.tsx";
import { OwnArticles } from "@/features/dashboard/components/own-articles.tsx";
import { listOwnArticles } from "@/features/dashboard/list-own-articles.ts";
import {
  daysQuery,
  ownArticlesQuery,
  reportQuery,
  totalsQuery,
} from "@/features/dashboard/queries.ts";
import { readDays } from "@/features/dashboard/read-days.ts";
import { readReport } from "@/features/dashboard/read-report.ts";
import { readTotals } from "@/features/dashboard/read-totals.ts";
import { dashboardView } from "@/features/dashboard/schema.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import type { SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Dashboard" };

export default async function DashboardPage({ searchParams }: { searchParams: SearchParams }) {
  const account = await currentAccount();
  if (account === null) redirect("/sign-in?next=/dashboard");
  if (account.role === "reader") return <NothingToCount />;
  const view = dashboardView.parse(await searchParams);
  const queryClient = new QueryClient();
  const options = { cursors: pageCursors() };
  await Promise.all([
    prefetchLive(
      queryClient,
      {
        ...ownArticlesQuery(account.id, view),
        queryFn: () => readAsViewer((ctx) => listOwnArticles(ctx, view)),
      },
      options,
    ),
    prefetchLive(
      queryClient,
      { ...totalsQuery(account.id), queryFn: () => readAsViewer(readTotals) },
      options,
    ),
    prefetchLive(
      queryClient,
      { ...daysQuery(account.id), queryFn: () => readAsViewer(readDays) },
      options,
    ),
    queryClient.prefetchQuery({ ...reportQuery, queryFn: () => readAsViewer(readReport) }),
  ]);
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="font-serif text-3xl font-medium tracking-tight">Dashboard</h1>
        <div className="flex flex-wrap gap-3">
          <Link href="/write/import" className={buttonStyle({ look: "quiet" })}>
            Import drafts
          </Link>
          <Link href="/write" className={buttonStyle()}>
            Write an article
          </Link>
        </div>
      </div>
      <LiveHydration state={dehydrate(queryClient)}>
        <DailyReport userId={account.id} />
        <DayChart userId={account.id} />
        <div className="mt-12">
          <OwnArticles
            userId={account.id}
            view={view}
            actions={{ schedule: scheduleDeletionAction, restore: restoreArticleAction }}
          />
        </div>
      </LiveHydration>
    </>
  );
}

function NothingToCount() {
  return (
    <EmptyState
      isPage
      title="The dashboard is for authors"
      action={
        <Link href="/" className={buttonStyle()}>
          Read the latest articles
        </Link>
      }
    >
      It shows how often your articles are read. To write articles, ask an admin to make you an
      author.
    </EmptyState>
  );
}
