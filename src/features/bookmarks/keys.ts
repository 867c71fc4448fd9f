import type { ResourceRef } from "@/lib/resource-ref.ts";

export const bookmarkKeys = {
  status: ({ resourceId, resourceType }: ResourceRef) =>
    ["bookmark-status", resourceId, resourceType] as const,
  list: ["bookmarks"] as const,
};
