import { assertReadable } from "@/db/rows/assert-readable.ts";
import { follows } from "@/db/schema.ts";
import { anchorOf, type ResourceRef } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { followStarted } from "./signals.ts";

/**
 * Follows the discussion of a page. It is idempotent.
 *
 * @throws {AppError} `not_found` when the viewer may not read it.
 */
export async function startFollowing(
  { tx, viewer, publish }: WriteContext,
  page: ResourceRef,
): Promise<void> {
  await assertReadable(tx, page);
  const [started] = await tx
    .insert(follows)
    .values({ userId: viewer.userId, ...anchorOf(page) })
    .onConflictDoNothing()
    .returning({ id: follows.id });
  if (started !== undefined) await publish(followStarted(viewer.userId, page.resourceId));
}
