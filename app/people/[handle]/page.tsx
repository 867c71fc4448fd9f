import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { cache } from "react";
import { PersonCard } from "@/features/people/components/person-card.tsx";
import { getPerson } from "@/features/people/get-person.ts";
import { personQuery } from "@/features/people/queries.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../../page-cursors.ts";
import { PrefetchedFeed } from "../../prefetched-feed.tsx";
import { readAfter, type SearchParams } from "../../search-params.ts";

interface PersonPageProps {
  readonly params: Promise<{ handle: string }>;
  readonly searchParams: SearchParams;
}

const findPerson = cache((handle: string) => readAsViewer((ctx) => getPerson(ctx, { handle })));

export async function generateMetadata({ params }: PersonPageProps): Promise<Metadata> {
  const person = await findPerson((await params).handle);
  return person === null ? {} : { title: person.name, description: person.bio };
}

export default async function PersonPage({ params, searchParams }: PersonPageProps) {
  const [person, from] = await Promise.all([
    params.then(({ handle }) => findPerson(handle)),
    readAfter(searchParams),
  ]);
  if (person === null) notFound();
  const queryClient = new QueryClient();
  await prefetchLive(
    queryClient,
    {
      ...personQuery(person.id),
      queryFn: () => readAsViewer((ctx) => getPerson(ctx, { userId: person.id })),
    },
    { cursors: pageCursors() },
  );
  return (
    <div className="max-w-3xl">
      <LiveHydration state={dehydrate(queryClient)}>
        <PersonCard person={person} />
      </LiveHydration>
      <section className="mt-12">
        <SectionTitle>Articles</SectionTitle>
        <PrefetchedFeed
          scope={{ authorId: person.id }}
          from={from}
          hasAuthor={false}
          empty={`${person.name} has not published anything yet`}
        />
      </section>
    </div>
  );
}
