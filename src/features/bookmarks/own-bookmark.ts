import { and, eq, type SQL } from "drizzle-orm";
import { bookmarks } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";

/** A person's bookmark of a page. */
export function ownBookmark(
  userId: string,
  { resourceType, resourceId }: ResourceRef,
): SQL | undefined {
  const column = resourceType === "article" ? bookmarks.articleId : bookmarks.gistId;
  return and(eq(bookmarks.userId, userId), eq(column, resourceId));
}
