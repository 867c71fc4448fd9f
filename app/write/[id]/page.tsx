import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { articleIdInput } from "@/features/articles/write/draft-schema.ts";
import { WritingDesk } from "../writing-desk.tsx";

export const metadata: Metadata = { title: "Write" };

interface EditArticlePageProps {
  readonly params: Promise<{ id: string }>;
}

export default async function EditArticlePage({ params }: EditArticlePageProps) {
  const input = articleIdInput.safeParse({ articleId: (await params).id });
  if (!input.success) notFound();
  return <WritingDesk articleId={input.data.articleId} isNew={false} />;
}
