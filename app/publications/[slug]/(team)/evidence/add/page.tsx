import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FeedList } from "@/features/evidence/components/feed-list.tsx";
import { FileForm } from "@/features/evidence/components/file-form.tsx";
import { RecordForm } from "@/features/evidence/components/record-form.tsx";
import { listFeeds } from "@/features/evidence/ingest/list-feeds.ts";
import { feedsQuery } from "@/features/evidence/queries.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { readParam } from "../../../../../search-params.ts";
import { memberPage } from "../../../../member-page.ts";
import { Prefetched } from "../../../../prefetched.tsx";

export const metadata: Metadata = { title: "Record an observation" };

export default async function RecordPage({
  params,
  searchParams,
}: PageProps<"/publications/[slug]/evidence/add">) {
  const { publication, account, standing } = await memberPage(params);
  if (!standing.permissions.includes("evidence.record")) notFound();
  const corrects = (await readParam(searchParams, "corrects")) ?? "";
  const publicationId = publication.id;
  const viewer = { userId: account.id, isMember: true };
  return (
    <>
      <h1 className="mb-2 font-serif text-2xl font-medium">Record an observation</h1>
      <p className="mb-6 max-w-[60ch] text-ink-soft">
        An observation is signed and never changed. Record a correction when one is wrong.
      </p>
      <RecordForm
        publicationId={publicationId}
        path={`/publications/${publication.slug}/evidence`}
        corrects={corrects}
      />
      <section className="mt-12">
        <SectionTitle className="mb-4">From a file</SectionTitle>
        <FileForm publicationId={publicationId} />
      </section>
      <section className="mt-12">
        <SectionTitle className="mb-4">Feeds</SectionTitle>
        <Prefetched
          queries={[
            {
              ...feedsQuery(publicationId, viewer),
              queryFn: () => readAsViewer((ctx) => listFeeds(ctx, { publicationId })),
            },
          ]}
        >
          <FeedList publicationId={publicationId} viewer={viewer} />
        </Prefetched>
      </section>
    </>
  );
}
