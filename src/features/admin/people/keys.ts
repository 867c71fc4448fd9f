import type { ListPeopleInput } from "./schema.ts";

export const moderationKeys = {
  all: ["people"] as const,
  list: (input: ListPeopleInput) => ["people", input] as const,
};
