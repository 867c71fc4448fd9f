import { limits } from "./limits.ts";

/** Limits of a channel kind that can be set at run time. Each takes away; none gives more than the library does. */
export interface KindOptions {
  /**
   * Frames that each channel of the kind hears in a second at most, 1 to 40. What is beyond waits, merges
   * and leaves with the next one. Default: no limit of its own.
   */
  readonly framesPerSecond?: number;
  /** Missed signals that a catch-up lists at most, 0 to 500; of more it says `gap`. Default 500. */
  readonly replayAtMost?: number;
}

/**
 * What each option may be, in whole numbers. A value beyond a bound counts as the bound, and what is no
 * number as not set.
 */
export const kindOptionBounds = {
  /** The relay reads 40 times a second: a higher limit would be none. */
  framesPerSecond: { least: 1, most: 40 },
  replayAtMost: { least: 0, most: limits.replaySignals },
} as const satisfies Record<keyof KindOptions, { readonly least: number; readonly most: number }>;

/** Options within their bounds. */
export function boundOptions(options: KindOptions): KindOptions {
  const names = Object.keys(kindOptionBounds) as (keyof KindOptions)[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = options[name];
      if (typeof value !== "number" || Number.isNaN(value)) return [];
      const { least, most } = kindOptionBounds[name];
      return [[name, Math.min(most, Math.max(least, Math.floor(value)))]];
    }),
  );
}
