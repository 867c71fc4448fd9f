import type { ResourceRef } from "@/lib/resource-ref.ts";

export const reactionKeys = {
  /** What everybody has given: the same for all who may read the page. */
  counts: ({ resourceId, resourceType }: ResourceRef) =>
    ["reaction", resourceId, resourceType] as const,
  /** What the viewer has given. */
  own: ({ resourceId, resourceType }: ResourceRef) =>
    ["my-reactions", resourceId, resourceType] as const,
};
