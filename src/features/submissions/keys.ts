import type { TaskFilter } from "./schema.ts";

/**
 * `isDesk`: whether the viewer reads all submissions of the publication. The channels of a query depend on it, so it
 * is part of the key.
 */
export const submissionKeys = {
  tasks: (publicationId: string, filter: TaskFilter, isDesk: boolean) =>
    ["submission-tasks", publicationId, filter, isDesk] as const,
  counts: (publicationId: string, isDesk: boolean) =>
    ["submission-counts", publicationId, isDesk] as const,
  list: (publicationId: string, isDesk: boolean) => ["submissions", publicationId, isDesk] as const,
  submission: (submissionId: string) => ["submission", submissionId] as const,
  choices: ["submission-choices"] as const,
};
