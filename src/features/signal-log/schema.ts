import { z } from "zod";
import { isChannelName, noSuchChannel } from "@/channels/channel-name.ts";
import type { DeliveryFacts } from "@/features/context.ts";
import type { Names } from "@/lib/names.ts";
import { typedText } from "@/lib/typed-text.ts";

const place = typedText("The URL names no signal. Open a signal from the list of signals.").regex(
  /^\d{1,20}\/\d{1,19}$/,
  {
    error:
      'No signal is at this place. A place is written "transaction/position"; follow a link of the list.',
  },
);

export const signalFilter = z.object({
  /** A channel's whole name, or with a `*` behind it its beginning. */
  channel: typedText("Enter one channel.")
    .trim()
    .max(165, { error: "The name of a channel has at most 164 characters." })
    .refine((name) => name === "" || name.endsWith("*") || isChannelName(name), {
      error: ({ input }) => `${noSuchChannel(String(input))} End with * to match a prefix.`,
    })
    .optional(),
  name: typedText("Enter one signal.")
    .trim()
    .max(100, { error: "The name of a signal has at most 100 characters." })
    .optional(),
  /** Minutes back from now. */
  minutes: z.coerce
    .number({ error: "Give the minutes as a whole number from 1 to 4,320." })
    .int({ error: "Give the minutes as a whole number from 1 to 4,320." })
    .min(1, { error: "Give the minutes as a whole number from 1 to 4,320." })
    .max(4_320, { error: "The log reaches back 4,320 minutes." })
    .optional(),
});
export type SignalFilter = z.infer<typeof signalFilter>;

export const listSignalsInput = signalFilter.extend({ before: place.optional() });
export type ListSignalsInput = z.infer<typeof listSignalsInput>;

export const tailSignalsInput = signalFilter.omit({ minutes: true }).extend({
  /** As the tail before gave it; without one it begins now. */
  position: typedText().max(2_000).optional(),
});
export type TailSignalsInput = z.infer<typeof tailSignalsInput>;

export const traceInput = z.object({ place });
export type TraceInput = z.infer<typeof traceInput>;

export const poisonedInput = z.object({
  position: typedText().regex(/^\d{1,19}$/, { error: "This names no signal." }),
});
export type PoisonedInput = z.infer<typeof poisonedInput>;

/** A signal as it is listed. Times are ISO 8601. */
export interface SignalRow {
  readonly id: string;
  readonly place: string;
  readonly channel: string;
  readonly name: string;
  readonly ids: Readonly<Record<string, string>> | null;
  readonly origin: string | null;
  readonly correlation: string | null;
  readonly writtenAt: string;
}

export interface SignalList {
  readonly names: Names;
  readonly signals: readonly SignalRow[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface SignalTail {
  readonly names: Names;
  readonly signals: readonly SignalRow[];
  readonly position: string;
  /** True when more came than are shown. */
  readonly more: boolean;
}

/** Where one signal has been. Null is "not known". */
export interface Trace {
  readonly mode: DeliveryFacts["mode"];
  readonly names: Names;
  readonly signal: SignalRow;
  readonly status: "pending" | "relayed" | "set-aside";
  readonly committedAt: string | null;
  readonly page: {
    readonly signals: number;
    readonly withheld: number;
    readonly frames: number;
    readonly attempts: number;
    readonly readAt: string;
    readonly acceptedAt: string;
  } | null;
  readonly travelledWith: number | null;
  readonly refusal: {
    readonly reason: string;
    readonly attempts: number;
    readonly at: string;
  } | null;
  /** Of the process that was asked, since it began to count. */
  readonly catchUps: {
    readonly replays: number;
    readonly gaps: number;
    readonly since: string;
  } | null;
}

export interface PoisonedList {
  readonly rows: readonly Poisoned[];
  readonly names: Names;
}

export interface Poisoned {
  readonly position: string;
  readonly channel: string;
  readonly name: string;
  readonly ids: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly setAsideAt: string;
}

export type RelayStatus = "healthy" | "behind" | "failing" | "blocked" | "none";

/** How the log and its relay are doing. */
export interface LogState {
  readonly delivery: DeliveryFacts;
  /** Null where no relay is needed. */
  readonly relay: RelayStatus | null;
  /** Signals that the broker has not accepted; 0 where nothing waits for a broker. */
  readonly pending: number;
  readonly more: boolean;
  readonly lagMs: number;
  readonly isLed: boolean;
  readonly setAside: number;
  readonly lastAcceptedAt: string | null;
  /** Reported by browsers to the process that was asked, since it started. */
  readonly browsers: { readonly signals: number; readonly fetches: number };
  /** The last hour, minute by minute, the oldest first. */
  readonly minutes: readonly Minute[];
}

export interface Minute {
  readonly at: string;
  readonly signals: number;
  readonly frames: number;
  /** Mean time from the relay's reading to the broker's ok. */
  readonly sendMs: number;
}
