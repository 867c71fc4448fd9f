import type { ExplainInput } from "./schema.ts";

export const accessKeys = {
  explanation: (input: ExplainInput) => ["access", "explanation", input] as const,
  subscribers: (channel: string) => ["access", "subscribers", channel] as const,
};
