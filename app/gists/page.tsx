import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { GistList } from "@/features/gists/components/gist-list.tsx";
import { listGists } from "@/features/gists/list-gists.ts";
import { gistsQuery } from "@/features/gists/queries.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Choices } from "@/ui/forms/choices.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import { readAfter, readParam, type SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";

export const metadata: Metadata = { title: "Gists" };

export default async function GistsPage({ searchParams }: { searchParams: SearchParams }) {
  const [account, from, show] = await Promise.all([
    currentAccount(),
    readAfter(searchParams),
    readParam(searchParams, "show"),
  ]);
  const isYours = show === "yours";
  if (isYours && account === null) redirect("/sign-in?next=/gists?show=yours");
  const ownerId = isYours ? (account?.id ?? null) : null;
  const viewerId = account?.id ?? null;
  const queryClient = new QueryClient();
  await prefetchLive(
    queryClient,
    {
      ...gistsQuery(ownerId, from, viewerId),
      queryFn: ({ pageParam }) =>
        readAsViewer((ctx) =>
          listGists(ctx, { ownerId: ownerId ?? undefined, after: pageParam ?? undefined }),
        ),
    },
    { cursors: pageCursors() },
  );
  return (
    <div className="mx-auto max-w-3xl">
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="font-serif text-3xl font-medium tracking-tight">Gists</h1>
        {account !== null && (
          <Link href="/gists/new" className={buttonStyle({ size: "sm" })}>
            New gist
          </Link>
        )}
      </div>
      {account !== null && (
        <Choices
          label="Show gists"
          choices={[
            { href: "/gists", label: "All public", isCurrent: !isYours },
            { href: "/gists?show=yours", label: "Yours", isCurrent: isYours },
          ]}
        />
      )}
      <LiveHydration state={dehydrate(queryClient)}>
        <GistList
          key={ownerId}
          ownerId={ownerId}
          from={from}
          viewerId={viewerId}
          empty={isYours ? "You have no gists yet" : "No public gists yet"}
        />
      </LiveHydration>
    </div>
  );
}
