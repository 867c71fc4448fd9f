import type { RelayHealth } from "querycast/server";

/** Current values at a scrape, which no event reports. */
export interface ScrapeValues {
  /** Health of the relay of this process; null when it does not run one. */
  readonly relay: RelayHealth | null;
  /** Milliseconds since the backlog was empty in any process; null if it never was or is not known. */
  readonly relayAgeMs: number | null;
  /** Subscriptions by wire name at the broker; null when it does not report them. */
  readonly subscriptions: ReadonlyMap<string, number> | null;
  /** Open streams of this process; null with other transports. */
  readonly streams: number | null;
}
