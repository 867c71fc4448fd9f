import { z } from "zod";
import { typedText } from "@/lib/typed-text.ts";

const place = typedText().regex(/^\d{1,20}\/\d{1,19}$/, { error: "This is no place in the log." });

export const signalFilter = z.object({
  /** A channel's whole name, or with a `*` behind it its beginning. */
  channel: typedText().trim().max(165).optional(),
  name: typedText().trim().max(100).optional(),
  /** Minutes back from now. */
  minutes: z.coerce.number().int().min(1).max(4_320).optional(),
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
  readonly signals: readonly SignalRow[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface SignalTail {
  readonly signals: readonly SignalRow[];
  readonly position: string;
  /** True when more came than are shown. */
  readonly more: boolean;
}

/** Where one signal has been. Null is "not known". */
export interface Trace {
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

export interface Poisoned {
  readonly position: string;
  readonly channel: string;
  readonly name: string;
  readonly ids: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly setAsideAt: string;
}

/** How the log and its relay are doing. */
export interface LogState {
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
