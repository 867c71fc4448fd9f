import { eq, inArray, or, type SQL } from "drizzle-orm";
import { comments, reactions } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";

/** Filter for reactions to a page and its comments. */
export function onPage(
  tx: Transaction,
  { resourceType, resourceId }: ResourceRef,
): SQL | undefined {
  const [reacted, commented] =
    resourceType === "article"
      ? [reactions.articleId, comments.articleId]
      : [reactions.gistId, comments.gistId];
  const itsComments = tx.select({ id: comments.id }).from(comments);
  return or(
    eq(reacted, resourceId),
    inArray(reactions.commentId, itsComments.where(eq(commented, resourceId))),
  );
}
