import { z } from "zod";
import { typedText } from "@/lib/typed-text.ts";

export const explainInput = z.object({
  /** Handle of a person. */
  person: typedText()
    .trim()
    .toLowerCase()
    .min(1, { error: "Name a person by their handle." })
    .max(40),
  channel: typedText().trim().min(1, { error: "Name a channel, e.g. tag.<id>." }).max(200),
});
export type ExplainInput = z.infer<typeof explainInput>;

export const hearersInput = z.object({ channel: typedText().trim().min(1).max(200) });
export type HearersInput = z.infer<typeof hearersInput>;

/** Somebody who was let into a channel within a day, and may still be there. */
export interface Hearer {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}

export interface Hearers {
  /** Joined last first. That somebody has left is known when the broker told that nobody was left. */
  readonly people: readonly Hearer[];
  /** Sockets the broker counts on the channel at this moment; null when it does not say. */
  readonly connected: number | null;
}
