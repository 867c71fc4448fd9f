import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { PublishedList } from "@/features/publications/components/published-list.tsx";
import { listPublished } from "@/features/publications/list-published.ts";
import { publicationArticlesQuery } from "@/features/publications/queries.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../../page-cursors.ts";
import { findPublication } from "../find-publication.ts";

type PublicationPageProps = PageProps<"/publications/[slug]">;

export async function generateMetadata({ params }: PublicationPageProps): Promise<Metadata> {
  const publication = await findPublication((await params).slug);
  if (publication === null) return {};
  return { title: publication.name, description: publication.description };
}

export default async function PublicationPage({ params }: PublicationPageProps) {
  const publication = await findPublication((await params).slug);
  if (publication === null) notFound();
  const publicationId = publication.id;
  const queryClient = new QueryClient();
  await prefetchLive(
    queryClient,
    {
      ...publicationArticlesQuery(publicationId),
      queryFn: () => readAsViewer((ctx) => listPublished(ctx, { publicationId })),
    },
    { cursors: pageCursors() },
  );
  return (
    <>
      <h1 className="sr-only">{publication.name}</h1>
      <LiveHydration state={dehydrate(queryClient)}>
        <PublishedList publicationId={publicationId} />
      </LiveHydration>
    </>
  );
}
