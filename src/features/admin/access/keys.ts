import type { ExplainInput } from "./schema.ts";

export const hearingKeys = {
  explanation: (input: ExplainInput) => ["hearing", "explanation", input] as const,
  hearers: (channel: string) => ["hearing", "hearers", channel] as const,
};
