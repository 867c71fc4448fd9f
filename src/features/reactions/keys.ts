import type { ResourceRef } from "@/lib/resource-ref.ts";

export const reactionKeys = {
  /** Counts of all people, the same for every reader of the page. */
  counts: ({ resourceId, resourceType }: ResourceRef) =>
    ["reaction", resourceId, resourceType] as const,
  /** The viewer's own reactions. */
  own: ({ resourceId, resourceType }: ResourceRef) =>
    ["my-reactions", resourceId, resourceType] as const,
};
