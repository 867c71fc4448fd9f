import type { ReadContext } from "@/wiring/context-types.ts";
import type { ArticleIdInput, Draft } from "./draft-schema.ts";
import { findOwnArticle } from "./own-article.ts";

/** The viewer's own article for the editor; `null` when it does not exist or belongs to another author. */
export async function findDraft(
  context: ReadContext,
  { articleId }: ArticleIdInput,
): Promise<Draft | null> {
  const article = await findOwnArticle(context, articleId);
  if (article === null) return null;
  const { authorId: _, deleteAt, ...draft } = article;
  return { ...draft, deleteAt: deleteAt?.toISOString() ?? null };
}
