import { TagIndex } from "@/features/tags/components/tag-index.tsx";
import { listTags } from "@/features/tags/list-tags.ts";
import { SectionTitle } from "@/ui/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { PrefetchedFeed } from "./prefetched-feed.tsx";
import { readAfter, type SearchParams } from "./search-params.ts";

export default async function HomePage({ searchParams }: { searchParams: SearchParams }) {
  const [from, tags] = await Promise.all([readAfter(searchParams), readAsViewer(listTags)]);
  return (
    <div className="grid gap-x-16 gap-y-14 lg:grid-cols-[minmax(0,1fr)_15rem]">
      <h1 className="sr-only">Inkwell</h1>
      <section>
        <SectionTitle className="border-t-0 pt-0">
          {from === null ? "Latest" : "Older articles"}
        </SectionTitle>
        <PrefetchedFeed scope={{}} from={from} hasLead empty="Nothing is published yet" />
      </section>
      <aside className="lg:sticky lg:top-24 lg:self-start">
        <TagIndex tags={tags} />
      </aside>
    </div>
  );
}
