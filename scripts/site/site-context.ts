import type { Variables } from "../parts/settings.ts";

/** The order of the shutdown: running jobs finish while Next is still up. */
export const closingOrder = ["jobs", "next", "broker", "database"] as const;
export type Closers = Partial<Record<(typeof closingOrder)[number], () => Promise<unknown>>>;

/** Input for the start of each part of the site. */
export interface SiteContext {
  readonly mode: "development" | "production";
  readonly given: Variables;
  /** Data folder of the embedded parts. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Stops each part that was started. */
  readonly closers: Closers;
}
