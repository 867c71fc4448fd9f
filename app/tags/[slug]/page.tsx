import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { TagIndex } from "@/features/tags/components/tag-index.tsx";
import { getTag } from "@/features/tags/get-tag.ts";
import { listTags } from "@/features/tags/list-tags.ts";
import { count } from "@/lib/text/text.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { PrefetchedFeed } from "../../prefetched-feed.tsx";
import { readAfter, type SearchParams } from "../../search-params.ts";

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
  const [tag, from, tags] = await Promise.all([
    params.then(({ slug }) => findTag(slug)),
    readAfter(searchParams),
    readAsViewer(listTags),
  ]);
  if (tag === null) notFound();
  return (
    <div className="grid gap-x-16 gap-y-14 lg:grid-cols-[minmax(0,1fr)_15rem]">
      <div>
        <header className="mb-8">
          <p className="label-caps text-accent">Tag</p>
          <h1 className="mt-3 font-serif text-3xl font-medium tracking-tight">{tag.name}</h1>
          {tag.description !== "" && (
            <p className="mt-3 max-w-[58ch] font-serif text-lg text-ink-soft italic">
              {tag.description}
            </p>
          )}
        </header>
        <section>
          <SectionTitle
            aside={
              <span className="text-xs text-ink-faint">{count(tag.articleCount, "article")}</span>
            }
          >
            Articles
          </SectionTitle>
          <PrefetchedFeed
            scope={{ tagId: tag.id }}
            from={from}
            empty="No articles with this tag yet"
          />
        </section>
      </div>
      <aside className="lg:sticky lg:top-24 lg:self-start">
        <TagIndex tags={tags} current={tag.slug} />
      </aside>
    </div>
  );
}
