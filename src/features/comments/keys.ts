import type { ResourceRef } from "./schema.ts";

export const commentKeys = {
  thread: ({ resourceId, resourceType }: ResourceRef) =>
    ["comments", resourceId, resourceType] as const,
};
