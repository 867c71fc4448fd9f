import { and, eq, type SQL } from "drizzle-orm";
import { follows } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";

/** Filter for the row of a person who follows the discussion of a page. */
export function ownFollow(
  userId: string,
  { resourceType, resourceId }: ResourceRef,
): SQL | undefined {
  const column = resourceType === "article" ? follows.articleId : follows.gistId;
  return and(eq(follows.userId, userId), eq(column, resourceId));
}
