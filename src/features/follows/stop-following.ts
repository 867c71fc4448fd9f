import { follows } from "@/db/schema.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { ownFollow } from "./own-follow.ts";
import { followEnded } from "./signals.ts";

/** Unfollows a discussion, also one that is no longer readable. It is idempotent. */
export async function stopFollowing(
  { tx, viewer, publish }: WriteContext,
  page: ResourceRef,
): Promise<void> {
  const [ended] = await tx
    .delete(follows)
    .where(ownFollow(viewer.userId, page))
    .returning({ id: follows.id });
  if (ended !== undefined) await publish(followEnded(viewer.userId, page.resourceId));
}
