import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { ImportView } from "@/features/imports/components/import-view.tsx";
import { getImport } from "@/features/imports/get-import.ts";
import { importQuery } from "@/features/imports/queries.ts";
import { importInput } from "@/features/imports/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { currentAccount } from "../../../viewer.ts";

export const metadata: Metadata = { title: "Import" };

interface ImportPageProps {
  readonly params: Promise<{ id: string }>;
}

export default async function ImportResultPage({ params }: ImportPageProps) {
  const input = importInput.safeParse({ importId: (await params).id });
  if (!input.success) notFound();
  const { importId } = input.data;
  const account = await currentAccount();
  if (account === null) redirect(`/sign-in?next=/write/import/${importId}`);
  const read = await readAsViewer((ctx) => getImport(ctx, input.data)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  });
  const queryClient = new QueryClient();
  queryClient.setQueryData(importQuery(importId).queryKey, read);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="font-serif text-3xl font-medium tracking-tight">Import</h1>
        <Link href="/dashboard?status=draft" className={buttonStyle({ look: "quiet" })}>
          Show your drafts
        </Link>
      </div>
      <ImportView importId={importId} />
    </HydrationBoundary>
  );
}
