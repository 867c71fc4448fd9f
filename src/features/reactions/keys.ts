import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ThreadView } from "@/lib/thread-view.ts";

export const reactionKeys = {
  /** What everybody has given: the same for all who may read the page. */
  counts: ({ resourceId, resourceType }: ResourceRef, view: ThreadView) =>
    ["reaction", resourceId, resourceType, view] as const,
  /** What the viewer has given. */
  own: ({ resourceId, resourceType }: ResourceRef, view: ThreadView) =>
    ["my-reactions", resourceId, resourceType, view] as const,
};
