import { dehydrate, QueryClient } from "@tanstack/react-query";
import { notFound, redirect } from "next/navigation";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import { ArticleEditor } from "@/features/articles/editor/article-editor.tsx";
import { articleVersionQuery } from "@/features/articles/queries.ts";
import { getVersion } from "@/features/articles/read/get-version.ts";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { listTagChoices } from "@/features/tags/list-tag-choices.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "../page-cursors.ts";
import { currentAccount } from "../viewer.ts";
import { NotAnAuthor } from "./not-an-author.tsx";

interface WritingDeskProps {
  readonly articleId: string;
  readonly isNew: boolean;
}

/** The editor for authors; for other viewers, how to become an author. */
export async function WritingDesk({ articleId, isNew }: WritingDeskProps) {
  const account = await currentAccount();
  if (account === null) redirect(`/sign-in?next=/write${isNew ? "" : `/${articleId}`}`);
  if (account.role === "reader") return <NotAnAuthor />;
  const queryClient = new QueryClient();
  if (!isNew) {
    await prefetchLive(
      queryClient,
      {
        ...articleVersionQuery(articleId),
        queryFn: () => readAsViewer((ctx) => getVersion(ctx, { articleId })),
      },
      { cursors: pageCursors() },
    );
  }
  const [draft, tags] = await readAsViewer((ctx) =>
    Promise.all([isNew ? null : findDraft(ctx, { articleId }), listTagChoices(ctx)]),
  );
  if (draft === null && !isNew) notFound();
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <h1 className="sr-only">{isNew ? "Write an article" : "Edit an article"}</h1>
      <ArticleEditor key={articleId} articleId={articleId} draft={draft} tags={tags} />
    </LiveHydration>
  );
}
