import { bookmarks } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { ownBookmark } from "./own-bookmark.ts";

/** Whether the viewer bookmarked the page. False when signed out. */
export async function hasBookmark(
  { tx, viewer }: ReadContext,
  page: ResourceRef,
): Promise<boolean> {
  if (viewer.userId === null) return false;
  const rows = await tx
    .select({ id: bookmarks.id })
    .from(bookmarks)
    .where(ownBookmark(viewer.userId, page));
  return rows.length > 0;
}
