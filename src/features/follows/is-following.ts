import { follows } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { ownFollow } from "./own-follow.ts";

/** Whether the viewer follows the discussion of a page. False when signed out. */
export async function isFollowing(
  { tx, viewer }: ReadContext,
  page: ResourceRef,
): Promise<boolean> {
  if (viewer.userId === null) return false;
  const rows = await tx
    .select({ id: follows.id })
    .from(follows)
    .where(ownFollow(viewer.userId, page));
  return rows.length > 0;
}
