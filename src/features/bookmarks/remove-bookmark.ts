import { bookmarks } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { ownBookmark } from "./own-bookmark.ts";
import { bookmarkRemoved } from "./signals.ts";

/** Removes a bookmark, also of a page that is no longer readable. It is idempotent. */
export async function removeBookmark(
  { tx, viewer, publish }: WriteContext,
  page: ResourceRef,
): Promise<void> {
  const [removed] = await tx
    .delete(bookmarks)
    .where(ownBookmark(viewer.userId, page))
    .returning({ id: bookmarks.id });
  if (removed !== undefined) await publish(bookmarkRemoved(viewer.userId, page.resourceId));
}
