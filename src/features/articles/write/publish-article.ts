import { eq, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { VersionedArticleInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { lockOwnArticle } from "./own-article.ts";

/**
 * Publishes a draft in the version that its author has seen. An article that is published already is left
 * unchanged.
 *
 * @throws {AppError} `conflict` when it was saved since, or is deleted; `invalid_input` when a required
 * field is empty; `not_found`; `forbidden` for viewers who are not authors.
 */
export async function publishArticle(
  context: WriteContext,
  { articleId, basedOn }: VersionedArticleInput,
): Promise<void> {
  const before = await lockOwnArticle(context, articleId);
  if (before.status === "published") return;
  if (before.status === "deleting") {
    throw new AppError("conflict", "This article is deleted. Restore it, then publish it.");
  }
  if (before.version !== basedOn) {
    throw new AppError(
      "conflict",
      "This article was changed in another tab or on another device. Load that version, then publish.",
    );
  }
  const fieldErrors = {
    ...(before.title === "" && { title: ["Enter a title."] }),
    ...(before.body.trim() === "" && { body: ["Enter a text."] }),
  };
  const [missing] = Object.values(fieldErrors).flat();
  if (missing !== undefined) throw new AppError("invalid_input", missing, { fieldErrors });
  await context.tx
    .update(articles)
    .set({ publishedAt: sql`now()` })
    .where(eq(articles.id, articleId));
  await context.publish(...feedSignals(before, { ...before, status: "published" }));
}
