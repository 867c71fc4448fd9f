import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { PersonHead } from "@/features/people/components/person-head.tsx";
import { getPerson } from "@/features/people/get-person.ts";
import { SectionTitle } from "@/ui/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
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
  return (
    <div className="max-w-3xl">
      <PersonHead person={person} />
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
