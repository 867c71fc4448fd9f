import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ThreadView } from "@/lib/thread-view.ts";

export const reactionKeys = {
  /** Counts of all people, the same for every reader of the page. */
  counts: ({ resourceId, resourceType }: ResourceRef, view: ThreadView) =>
    ["reaction", resourceId, resourceType, view] as const,
  /** The viewer's own reactions. */
  own: ({ resourceId, resourceType }: ResourceRef, view: ThreadView) =>
    ["my-reactions", resourceId, resourceType, view] as const,
};
