import { assertReadable } from "@/db/rows/assert-readable.ts";
import { bookmarks } from "@/db/schema.ts";
import { anchorOf, type ResourceRef } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { bookmarkAdded } from "./signals.ts";

/** Bookmarks a page. It is idempotent. @throws {AppError} `not_found` when the viewer may not read it. */
export async function addBookmark(
  { tx, viewer, publish }: WriteContext,
  page: ResourceRef,
): Promise<void> {
  await assertReadable(tx, page);
  const [added] = await tx
    .insert(bookmarks)
    .values({ userId: viewer.userId, ...anchorOf(page) })
    .onConflictDoNothing()
    .returning({ id: bookmarks.id });
  if (added !== undefined) await publish(bookmarkAdded(viewer.userId, page.resourceId));
}
