import { dehydrate, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { cache } from "react";
import { z } from "zod";
import { GistView } from "@/features/gists/components/gist-view.tsx";
import { gistQuery } from "@/features/gists/queries.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { Discussion } from "../../discussion.tsx";
import { pageCursors } from "../../page-cursors.ts";
import { PageTools } from "../../page-tools.tsx";
import { readGist } from "../../read-gist.ts";
import { currentAccount } from "../../viewer.ts";

type GistPageProps = PageProps<"/gists/[id]">;

/** Invalid, missing and private ids all return 404, so that ids cannot be probed. */
const findGist = cache(async (id: string) => {
  const queryClient = new QueryClient();
  if (!z.uuid().safeParse(id).success) return { gist: null, queryClient };
  const query = gistQuery(id);
  await prefetchLive(
    queryClient,
    { ...query, queryFn: () => readGist({ id }) },
    { cursors: pageCursors() },
  );
  const { data: gist = null, error } = queryClient.getQueryState(query.queryKey) ?? {};
  if (error && !(error instanceof AppError && error.code === "not_found")) throw error;
  return { gist, queryClient };
});

export async function generateMetadata({ params }: GistPageProps): Promise<Metadata> {
  const { gist } = await findGist((await params).id);
  return gist === null ? {} : { title: gist.title, description: gist.description };
}

export default async function GistPage({ params }: GistPageProps) {
  const [{ gist, queryClient }, account] = await Promise.all([
    params.then(({ id }) => findGist(id)),
    currentAccount(),
  ]);
  if (gist === null) notFound();
  return (
    <>
      <LiveHydration state={dehydrate(queryClient)}>
        <GistView id={gist.id} viewerId={account?.id ?? null} />
      </LiveHydration>
      <div className="mt-12">
        <PageTools page={{ resourceType: "gist", resourceId: gist.id }} />
      </div>
      <div className="mt-10 max-w-[44rem]">
        <Discussion
          pageRef={{ resourceType: "gist", resourceId: gist.id }}
          pageOwnerId={gist.owner.id}
          path={`/gists/${gist.id}`}
        />
      </div>
    </>
  );
}
