import { eq } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { ArticleIdInput } from "../write/draft-schema.ts";
import { versionColumn } from "../write/own-article.ts";

/**
 * The current version of an article.
 *
 * @throws {AppError} `not_found` when it does not exist or the viewer may not read it.
 */
export async function getVersion(
  { tx }: ReadContext,
  { articleId }: ArticleIdInput,
): Promise<string> {
  const [row] = await tx
    .select({ version: versionColumn })
    .from(articles)
    .where(eq(articles.id, articleId));
  if (row === undefined) {
    throw new AppError("not_found", "This article does not exist, or you have no access to it.");
  }
  return row.version;
}
