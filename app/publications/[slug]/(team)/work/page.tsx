import type { Metadata } from "next";
import { listSubmissions } from "@/features/submissions/list-submissions.ts";
import { countTasks, listTasks } from "@/features/submissions/list-tasks.ts";
import { submissionsQuery, taskCountsQuery, tasksQuery } from "@/features/submissions/queries.ts";
import { taskFilter } from "@/features/submissions/schema.ts";
import { seesDesk } from "@/lib/publications/permissions.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { readParams } from "../../../../search-params.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Work of a publication" };

export default async function WorkPage({
  params,
  searchParams,
}: PageProps<"/publications/[slug]/work">) {
  const { publication, account, standing } = await memberPage(params);
  const parsed = taskFilter.safeParse(await readParams(searchParams));
  const filter = parsed.data ?? taskFilter.parse({});
  const publicationId = publication.id;
  const viewer = { userId: account.id, isDesk: seesDesk(standing.permissions) };
  const home = `/publications/${publication.slug}`;
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-serif text-2xl font-medium">Work</h1>
        <Link href={`${home}/submit`} className={buttonStyle({ size: "sm" })}>
          Submit an article
        </Link>
      </div>
      <Prefetched
        queries={[
          {
            ...tasksQuery(publicationId, filter, viewer),
            queryFn: () => readAsViewer((ctx) => listTasks(ctx, { publicationId, ...filter })),
          },
          {
            ...taskCountsQuery(publicationId, viewer),
            queryFn: () => readAsViewer((ctx) => countTasks(ctx, { publicationId })),
          },
          {
            ...submissionsQuery(publicationId, viewer),
            queryFn: () => readAsViewer((ctx) => listSubmissions(ctx, { publicationId })),
          },
        ]}
      >
        <View
          publicationId={publicationId}
          path={`${home}/work`}
          filter={filter}
          viewerId={account.id}
        />
      </Prefetched>
    </>
  );
}
