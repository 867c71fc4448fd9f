import { z } from "zod";
import { isChannelName, noSuchChannel } from "@/channels/channel-name.ts";
import type { Names } from "@/lib/text/names.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import type { DeliveryFacts } from "@/wiring/context-types.ts";

const place = typedText("The URL names no signal. Open a signal from the list of signals.").regex(
  /^\d{1,20}\/\d{1,19}$/,
  {
    error:
      'No signal is at this place. A place is written "transaction/position"; follow a link of the list.',
  },
);

export const signalFilter = z.object({
  /** A channel name, or a prefix with a `*` at its end. */
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
  /** Minutes before now. */
  minutes: z.coerce
    .number({ error: "Enter the minutes as a whole number from 1 to 4,320." })
    .int({ error: "Enter the minutes as a whole number from 1 to 4,320." })
    .min(1, { error: "Enter the minutes as a whole number from 1 to 4,320." })
    .max(4_320, { error: "The log reaches back 4,320 minutes." })
    .optional(),
});
export type SignalFilter = z.infer<typeof signalFilter>;

export const listSignalsInput = signalFilter.extend({ before: place.optional() });
export type ListSignalsInput = z.infer<typeof listSignalsInput>;

export const tailSignalsInput = signalFilter.omit({ minutes: true }).extend({
  /** The position from the previous response; without one it starts now. */
  position: typedText().max(2_000).optional(),
});
export type TailSignalsInput = z.infer<typeof tailSignalsInput>;

export const traceInput = z.object({ place });
export type TraceInput = z.infer<typeof traceInput>;

export const poisonedInput = z.object({
  position: typedText().regex(/^\d{1,19}$/, { error: "Unknown signal. Reload the page." }),
});
export type PoisonedInput = z.infer<typeof poisonedInput>;

/** A signal in a list. Times are ISO 8601. */
export interface SignalRow {
  readonly id: string;
  readonly place: string;
  readonly channel: string;
  readonly name: string;
  /** One entry per changed row. */
  readonly ids: readonly Readonly<Record<string, string>>[] | null;
  readonly origin: string | null;
  readonly correlation: string | null;
  readonly writtenAt: string;
}

export interface SignalList {
  readonly names: Names;
  readonly signals: readonly SignalRow[];
  /** Start of the next page; null at the end. */
  readonly next: string | null;
}

export interface SignalTail {
  readonly names: Names;
  readonly signals: readonly SignalRow[];
  readonly position: string;
  /** True when more signals arrived than are returned. */
  readonly more: boolean;
}

/** The trace of a signal. Null means "not known". */
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
  /** Counted by the process that responds, since it started. */
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

/** Rows of a captured table that made no signal, for as long as signals are kept. */
export interface SkippedRows {
  /** e.g. `public.comments` */
  readonly table: string;
  readonly signal: string;
  readonly rows: number;
  readonly lastAt: string;
}

export type RelayStatus = "healthy" | "behind" | "failing" | "blocked" | "none";

/** State of the log and its relay. */
export interface LogState {
  readonly delivery: DeliveryFacts;
  /** Null when no relay is needed. */
  readonly relay: RelayStatus | null;
  /** Signals that the broker has not accepted; 0 without a broker. */
  readonly pending: number;
  readonly more: boolean;
  readonly lagMs: number;
  readonly isLed: boolean;
  readonly setAside: number;
  readonly lastAcceptedAt: string | null;
  /** Reported by browsers to the process that responds, since it started. */
  readonly browsers: { readonly signals: number; readonly fetches: number };
  /** The last hour by minute, oldest first. */
  readonly minutes: readonly Minute[];
}

export interface Minute {
  readonly at: string;
  readonly signals: number;
  readonly frames: number;
  /** Median time from reading a page of the log to the broker's response; null in a minute without one. */
  readonly medianMs: number | null;
  /** The 95th percentile of the same. */
  readonly p95Ms: number | null;
}
