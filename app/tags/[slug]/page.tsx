import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { getTag } from "@/features/tags/get-tag.ts";
import { count } from "@/lib/text.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { PrefetchedFeed } from "../../prefetched-feed.tsx";
import { readParam, type SearchParams } from "../../search-params.ts";

interface TagPageProps {
  readonly params: Promise<{ slug: string }>;
  readonly searchParams: SearchParams;
}

const findTag = cache((slug: string) => readAsViewer((ctx) => getTag(ctx, { slug })));

export async function generateMetadata({ params }: TagPageProps): Promise<Metadata> {
  const tag = await findTag((await params).slug);
  return tag === null ? {} : { title: tag.name, description: tag.description };
}

export default async function TagPage({ params, searchParams }: TagPageProps) {
  const [tag, from] = await Promise.all([
    params.then(({ slug }) => findTag(slug)),
    readParam(searchParams, "after"),
  ]);
  if (tag === null) notFound();
  return (
    <div className="max-w-3xl">
      <header className="mb-8">
        <p className="label-caps text-accent">Subject</p>
        <h1 className="mt-3 font-serif text-3xl font-medium tracking-tight">{tag.name}</h1>
        {tag.description !== "" && (
          <p className="mt-3 max-w-[58ch] font-serif text-lg text-ink-soft italic">
            {tag.description}
          </p>
        )}
        <p className="mt-3 text-xs text-ink-faint">{count(tag.articleCount, "article")}</p>
      </header>
      <div className="border-t-2 border-ink">
        <PrefetchedFeed scope={{ tagId: tag.id }} from={from} empty="Nothing on this subject yet" />
      </div>
    </div>
  );
}
