import { and, eq, inArray, or, type SQL } from "drizzle-orm";
import { reactions } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { mostCommentsOfPage } from "@/lib/thread-view.ts";

/**
 * Filter for the reactions to a page and to some of its comments. Comments of other pages match nothing.
 *
 * @throws {AppError} `invalid_input` for more comments than one page of a thread contains.
 */
export function onPage(
  { resourceType, resourceId }: ResourceRef,
  commentIds: readonly string[],
): SQL | undefined {
  if (commentIds.length > mostCommentsOfPage) {
    throw new AppError(
      "invalid_input",
      `Reactions to ${commentIds.length} comments were asked for, ${mostCommentsOfPage} are allowed. Ask for one page of the thread.`,
    );
  }
  const [reacted, page] =
    resourceType === "article"
      ? [reactions.articleId, reactions.pageArticleId]
      : [reactions.gistId, reactions.pageGistId];
  return or(
    eq(reacted, resourceId),
    commentIds.length === 0
      ? undefined
      : and(eq(page, resourceId), inArray(reactions.commentId, [...commentIds])),
  );
}
