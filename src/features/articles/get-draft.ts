import type { ReadContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import type { ArticleIdInput, Draft } from "./draft-schema.ts";
import { findOwnArticle } from "./own-article.ts";

/**
 * An article as its author writes it.
 *
 * @throws {AppError} `not_found` when it does not exist or is somebody else's.
 */
export async function getDraft(
  context: ReadContext,
  { articleId }: ArticleIdInput,
): Promise<Draft> {
  const article = await findOwnArticle(context, articleId);
  if (article === null) {
    throw new AppError("not_found", "This article is gone, or is somebody else’s.");
  }
  const { authorId: _, deleteAt, ...draft } = article;
  return { ...draft, deleteAt: deleteAt?.toISOString() ?? null };
}
