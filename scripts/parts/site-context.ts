import type { Variables } from "./settings.ts";

/** In the order in which they are ended: jobs finish what they have begun while Next is still there. */
export const closingOrder = ["jobs", "next", "broker", "database"] as const;
export type Closers = Partial<Record<(typeof closingOrder)[number], () => Promise<unknown>>>;

/** What each part of the site is started with. */
export interface SiteContext {
  readonly mode: "development" | "production";
  readonly given: Variables;
  /** Where the embedded parts keep their data. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** How to end what was started. */
  readonly closers: Closers;
}
