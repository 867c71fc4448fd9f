import { z } from "zod";
import { isChannelName, noSuchChannel } from "@/channels/channel-name.ts";
import type { Names } from "@/lib/text/names.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import type { AccessExplanation } from "@/wiring/context-types.ts";

const channel = typedText("Enter one channel.")
  .trim()
  .min(1, { error: "Enter a channel, e.g. tag.<tagId>." })
  .max(164, { error: "The name of a channel has at most 164 characters." })
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

export const subscribersInput = z.object({ channel });
export type SubscribersInput = z.infer<typeof subscribersInput>;

/** The decision, with the names of the ids in the channel. */
export interface Explained extends AccessExplanation {
  readonly channel: string;
  readonly names: Names;
}

/** A person who joined a channel in the last 24 hours and may still be on it. */
export interface Subscriber {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}

export interface Subscribers {
  readonly names: Names;
  /**
   * Newest join first. Leaving is known only when the broker reported that the channel has no subscription
   * left.
   */
  readonly people: readonly Subscriber[];
  /** Current subscriptions at the broker; null when it does not report them. */
  readonly connected: number | null;
  /** Whether `connected` counts the process that answered alone. */
  readonly countsOneProcess: boolean;
}
