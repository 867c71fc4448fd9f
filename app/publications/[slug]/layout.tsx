import { dehydrate, QueryClient } from "@tanstack/react-query";
import { notFound } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { countUnread } from "@/features/desk/count-unread.ts";
import { unreadQuery } from "@/features/desk/queries.ts";
import { PublicationGate } from "@/features/publications/components/publication-gate.tsx";
import { PublicationHead } from "@/features/publications/components/publication-head.tsx";
import { getPublication } from "@/features/publications/get-publication.ts";
import { getStanding } from "@/features/publications/get-standing.ts";
import { publicationQuery, standingQuery } from "@/features/publications/queries.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../../page-cursors.ts";
import { currentAccount } from "../../viewer.ts";
import { findPublication, findStanding } from "../find-publication.ts";
import { MemberHead } from "./member-head.tsx";

export default async function PublicationLayout({
  params,
  children,
}: LayoutProps<"/publications/[slug]">) {
  const [publication, account] = await Promise.all([
    params.then(({ slug }) => findPublication(slug)),
    currentAccount(),
  ]);
  if (publication === null) notFound();
  const publicationId = publication.id;
  const { isMember } = await findStanding(publicationId);
  const viewerId = account?.id ?? null;
  const queryClient = new QueryClient();
  const options = { cursors: pageCursors() };
  await Promise.all([
    prefetchLive(
      queryClient,
      {
        ...publicationQuery(publicationId),
        queryFn: () => readAsViewer((ctx) => getPublication(ctx, { publicationId })),
      },
      options,
    ),
    prefetchLive(
      queryClient,
      {
        ...standingQuery(publicationId, viewerId, isMember),
        queryFn: () => readAsViewer((ctx) => getStanding(ctx, { publicationId })),
      },
      options,
    ),
    isMember &&
      viewerId !== null &&
      prefetchLive(
        queryClient,
        {
          ...unreadQuery(publicationId, viewerId),
          queryFn: () => readAsViewer((ctx) => countUnread(ctx, { publicationId })),
        },
        options,
      ),
  ]);
  return (
    <div className="mx-auto max-w-3xl">
      <LiveHydration state={dehydrate(queryClient)}>
        <PublicationGate publicationId={publicationId} name={publication.name}>
          {isMember && viewerId !== null ? (
            <MemberHead publicationId={publicationId} viewerId={viewerId} />
          ) : (
            <PublicationHead
              publicationId={publicationId}
              viewerId={viewerId}
              isMember={isMember}
            />
          )}
          {children}
        </PublicationGate>
      </LiveHydration>
    </div>
  );
}
