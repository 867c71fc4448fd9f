import { limits } from "./limits.ts";

/** Limits of a channel kind that can be set at run time. They can only lower the library's own limits. */
export interface KindOptions {
  /**
   * Maximum number of frames per second on each channel of the kind, 1 to 40. Further signals wait, are
   * merged and leave with the next frame. Default: no limit for the kind.
   */
  readonly framesPerSecond?: number;
  /** Maximum number of missed signals that a catch-up lists, 0 to 500. For more it answers `gap`. Default 500. */
  readonly replayAtMost?: number;
}

/**
 * Bounds of each option, in whole numbers. A value outside of them is clamped; a value that is not a number
 * counts as not set.
 */
export const kindOptionBounds = {
  /** The relay reads the log at most 40 times a second, so that a higher limit would have no effect. */
  framesPerSecond: { least: 1, most: 40 },
  replayAtMost: { least: 0, most: limits.replaySignals },
} as const satisfies Record<keyof KindOptions, { readonly least: number; readonly most: number }>;

/** Clamps options to {@link kindOptionBounds} and rounds them down. */
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
