import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { listUnread } from "@/features/desk/count-unread.ts";
import { unreadCountsQuery } from "@/features/desk/queries.ts";
import { PublicationList } from "@/features/publications/components/publication-list.tsx";
import { listPublications } from "@/features/publications/list-publications.ts";
import { publicationsQuery } from "@/features/publications/queries.ts";
import { OwnInvitations } from "@/features/teams/components/own-invitations.tsx";
import { listOwnInvitations } from "@/features/teams/invitations/list-own-invitations.ts";
import { ownInvitationsQuery } from "@/features/teams/queries.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Choices } from "@/ui/forms/choices.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import { readParam, type SearchParams } from "../search-params.ts";
import { currentAccount } from "../viewer.ts";
import { OwnList } from "./own-list.tsx";
import { watchedDesks } from "./watched-desks.ts";

export const metadata: Metadata = { title: "Publications" };

export default async function PublicationsPage({ searchParams }: { searchParams: SearchParams }) {
  const [account, show] = await Promise.all([currentAccount(), readParam(searchParams, "show")]);
  const filter = show === "yours" ? "yours" : "all";
  if (filter === "yours" && account === null) redirect("/sign-in?next=/publications?show=yours");
  const viewerId = account?.id ?? null;
  const queryClient = new QueryClient();
  const cursors = pageCursors();
  const publications = publicationsQuery(filter, viewerId);
  const readList = () => readAsViewer((ctx) => listPublications(ctx, { filter }));
  const readInvitations = () => readAsViewer(listOwnInvitations);
  await Promise.all([
    prefetchLive(queryClient, { ...publications, queryFn: readList }, { cursors }),
    viewerId !== null &&
      prefetchLive(
        queryClient,
        { ...ownInvitationsQuery(viewerId), queryFn: readInvitations },
        { cursors },
      ),
  ]);
  if (filter === "yours" && viewerId !== null) {
    const ids = watchedDesks(queryClient.getQueryData(publications.queryKey) ?? []);
    const query = { ...unreadCountsQuery(ids, viewerId), queryFn: () => readAsViewer(listUnread) };
    await prefetchLive(queryClient, query, { cursors });
  }
  return (
    <div className="mx-auto max-w-3xl">
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="font-serif text-3xl font-medium tracking-tight">Publications</h1>
        {account !== null && (
          <Link href="/publications/new" className={buttonStyle({ size: "sm" })}>
            New publication
          </Link>
        )}
      </div>
      {account !== null && (
        <Choices
          label="Show publications"
          choices={[
            { href: "/publications", label: "All", isCurrent: filter === "all" },
            { href: "/publications?show=yours", label: "Yours", isCurrent: filter === "yours" },
          ]}
        />
      )}
      <LiveHydration state={dehydrate(queryClient)}>
        {viewerId !== null && (
          <OwnInvitations
            key={`invitations ${filter}`}
            viewerId={viewerId}
            isShownEmpty={filter === "yours"}
          />
        )}
        {filter === "yours" && viewerId !== null ? (
          <OwnList viewerId={viewerId} />
        ) : (
          <PublicationList filter={filter} viewerId={viewerId} />
        )}
      </LiveHydration>
    </div>
  );
}
