import { eq, sql } from "drizzle-orm";
import { articles } from "@/db/schema.ts";
import type { WriteContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import type { VersionedArticleInput } from "./draft-schema.ts";
import { feedSignals } from "./feed-signals.ts";
import { lockOwnArticle } from "./own-article.ts";

/**
 * Shows a draft to everybody: the version its author has seen, and no other. One that is published is
 * left as it is.
 *
 * @throws {AppError} `conflict` when it was saved since, or is deleted; `invalid_input` when something
 * that readers need is missing; `not_found`; `forbidden` for those who do not write.
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
