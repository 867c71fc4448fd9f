import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { TopTags } from "@/features/tags/components/top-tags.tsx";
import { listTopTags } from "@/features/tags/list-top-tags.ts";
import { topTagsQuery } from "@/features/tags/queries.ts";
import { env } from "@/lib/env.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { LiveSteps } from "./live-steps.tsx";
import { PrefetchedFeed } from "./prefetched-feed.tsx";
import { readAfter, type SearchParams } from "./search-params.ts";
import { currentAccount } from "./viewer.ts";

export default async function HomePage({ searchParams }: { searchParams: SearchParams }) {
  const queryClient = new QueryClient();
  const [from, account] = await Promise.all([
    readAfter(searchParams),
    currentAccount(),
    queryClient.prefetchQuery({ ...topTagsQuery(), queryFn: () => readAsViewer(listTopTags) }),
  ]);
  return (
    <div className="grid gap-x-16 gap-y-14 lg:grid-cols-[minmax(0,1fr)_15rem]">
      <h1 className="sr-only">Inkwell</h1>
      <section>
        <SectionTitle className="border-t-0 pt-0">
          {from === null ? "Latest" : "Older articles"}
        </SectionTitle>
        <PrefetchedFeed scope={{}} from={from} hasLead empty="No articles yet" />
      </section>
      <aside className="lg:sticky lg:top-24 lg:self-start">
        {account === null && env().demoAccounts && <LiveSteps />}
        <HydrationBoundary state={dehydrate(queryClient)}>
          <TopTags />
        </HydrationBoundary>
        <section className="mt-12">
          <SectionTitle>Publications</SectionTitle>
          <p className="mt-3 text-sm text-ink-soft">
            Articles that a team has reviewed.{" "}
            <Link href="/publications" className="text-link font-semibold">
              Show publications
            </Link>
          </p>
        </section>
      </aside>
    </div>
  );
}
