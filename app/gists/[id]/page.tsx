import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { GistFiles } from "@/features/gists/components/gist-files.tsx";
import { GistHead } from "@/features/gists/components/gist-head.tsx";
import { getGist } from "@/features/gists/get-gist.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { Discussion } from "../../discussion.tsx";

interface GistPageProps {
  readonly params: Promise<{ id: string }>;
}

/** An id that is none, one of nothing, and one of somebody's private gist are answered alike. */
const findGist = cache(async (id: string) =>
  z.uuid().safeParse(id).success ? readAsViewer((ctx) => getGist(ctx, { id })) : null,
);

export async function generateMetadata({ params }: GistPageProps): Promise<Metadata> {
  const gist = await findGist((await params).id);
  return gist === null ? {} : { title: gist.title, description: gist.description };
}

export default async function GistPage({ params }: GistPageProps) {
  const gist = await findGist((await params).id);
  if (gist === null) notFound();
  return (
    <div className="mx-auto max-w-4xl">
      <GistHead gist={gist} />
      <div className="mt-10">
        <GistFiles files={gist.files} />
      </div>
      <div className="mt-16 max-w-[44rem]">
        <Discussion
          pageRef={{ resourceType: "gist", resourceId: gist.id }}
          pageOwnerId={gist.owner.id}
          path={`/gists/${gist.id}`}
        />
      </div>
    </div>
  );
}
