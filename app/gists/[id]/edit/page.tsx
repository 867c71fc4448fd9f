import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { GistForm } from "@/features/gists/components/gist-form.tsx";
import { getGistDraft } from "@/features/gists/get-gist-draft.ts";
import { readAsViewer } from "@/wiring/context.ts";

export const metadata: Metadata = { title: "Edit gist" };

export default async function EditGistPage({ params }: PageProps<"/gists/[id]/edit">) {
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const draft = await readAsViewer((ctx) => getGistDraft(ctx, { id }));
  if (draft === null) notFound();
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mb-8 font-serif text-3xl font-medium tracking-tight">Edit gist</h1>
      <GistForm key={draft.updatedAt} draft={draft} />
    </div>
  );
}
