import { z } from "zod";
import { isChannelName, noSuchChannel } from "@/channels/channel-name.ts";
import type { HearingExplanation } from "@/features/context.ts";
import type { Names } from "@/lib/names.ts";
import { typedText } from "@/lib/typed-text.ts";

const channel = typedText("Enter one channel.")
  .trim()
  .min(1, { error: "Enter a channel, e.g. tag.<tagId>." })
  .max(200, { error: "The name of a channel has at most 164 characters." })
  .refine((name) => name === "" || isChannelName(name), {
    error: ({ input }) => noSuchChannel(String(input)),
  });

export const explainInput = z.object({
  /** Handle of a person. */
  person: typedText("Enter one handle.")
    .trim()
    .toLowerCase()
    .min(1, { error: "Enter a handle." })
    .max(40, { error: "A handle has at most 40 characters." }),
  channel,
});
export type ExplainInput = z.infer<typeof explainInput>;

export const hearersInput = z.object({ channel });
export type HearersInput = z.infer<typeof hearersInput>;

/** The decision, with the names of what the channel is about. */
export interface Explained extends HearingExplanation {
  readonly channel: string;
  readonly names: Names;
}

/** Somebody who was let into a channel within a day, and may still be there. */
export interface Hearer {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}

export interface Hearers {
  readonly names: Names;
  /** Joined last first. That somebody has left is known when the broker told that nobody was left. */
  readonly people: readonly Hearer[];
  /** Sockets the broker counts on the channel at this moment; null when it does not say. */
  readonly connected: number | null;
}
