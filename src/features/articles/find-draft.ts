import type { ReadContext } from "@/features/context.ts";
import type { ArticleIdInput, Draft } from "./draft-schema.ts";
import { findOwnArticle } from "./own-article.ts";

/** An article as its author writes it; `null` when it does not exist or is somebody else's. */
export async function findDraft(
  context: ReadContext,
  { articleId }: ArticleIdInput,
): Promise<Draft | null> {
  const article = await findOwnArticle(context, articleId);
  if (article === null) return null;
  const { authorId: _, deleteAt, ...draft } = article;
  return { ...draft, deleteAt: deleteAt?.toISOString() ?? null };
}
