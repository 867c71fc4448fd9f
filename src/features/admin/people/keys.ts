import type { ListMembersInput } from "./schema.ts";

export const moderationKeys = {
  all: ["members"] as const,
  list: (input: ListMembersInput) => ["members", input] as const,
};
