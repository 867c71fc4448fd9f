import type { CommentWindow, ResourceRef } from "./schema.ts";

export const commentKeys = {
  page: ({ resourceId, resourceType }: ResourceRef, window: CommentWindow) =>
    ["comments", resourceId, resourceType, window] as const,
};
