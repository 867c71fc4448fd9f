import type { ResourceRef } from "@/lib/resource-ref.ts";

export const followKeys = {
  status: ({ resourceId, resourceType }: ResourceRef) =>
    ["follow-status", resourceId, resourceType] as const,
  list: ["follows"] as const,
};
