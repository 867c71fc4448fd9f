import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { PreviewView } from "@/features/articles/editor/preview-view.tsx";
import { draftQuery } from "@/features/articles/queries.ts";
import { articleIdInput } from "@/features/articles/write/draft-schema.ts";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { currentAccount } from "../../../viewer.ts";

export const metadata: Metadata = { title: "Preview" };

interface PreviewPageProps {
  readonly params: Promise<{ id: string }>;
}

export default async function PreviewPage({ params }: PreviewPageProps) {
  const input = articleIdInput.safeParse({ articleId: (await params).id });
  if (!input.success) notFound();
  const { articleId } = input.data;
  if ((await currentAccount()) === null) redirect(`/sign-in?next=/write/${articleId}/preview`);
  const draft = await readAsViewer((ctx) => findDraft(ctx, input.data));
  if (draft === null) notFound();
  const queryClient = new QueryClient();
  queryClient.setQueryData(draftQuery(articleId).queryKey, draft);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div className="mb-6 flex justify-end">
        <h1 className="sr-only">Preview of your article</h1>
        <Link href={`/write/${articleId}`} className={buttonStyle({ look: "quiet" })}>
          Edit article
        </Link>
      </div>
      <PreviewView articleId={articleId} />
    </HydrationBoundary>
  );
}
