import { and, eq, isNull } from "drizzle-orm";
import { assertReadable } from "@/db/rows/assert-readable.ts";
import { comments } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { type ResourceRef, resourceOf } from "@/lib/resource-ref.ts";
import type { Reactable } from "./schema.ts";

/**
 * The page of a target: itself, or for a comment its page.
 *
 * @throws {AppError} `not_found` when it was deleted or the viewer may not read it.
 */
export async function pageOf(
  tx: Transaction,
  { reactableType, reactableId }: Reactable,
): Promise<ResourceRef> {
  if (reactableType !== "comment") {
    const page: ResourceRef = { resourceType: reactableType, resourceId: reactableId };
    await assertReadable(tx, page);
    return page;
  }
  const [comment] = await tx
    .select({ articleId: comments.articleId, gistId: comments.gistId })
    .from(comments)
    .where(and(eq(comments.id, reactableId), isNull(comments.deletedAt)));
  if (comment === undefined) {
    throw new AppError("not_found", "This comment was deleted.");
  }
  return resourceOf(comment);
}
