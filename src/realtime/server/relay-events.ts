import type { LogPage } from "./ports.ts";

/** What a relay tells its operator. */
export type RelayEvent =
  /** It holds the lead and delivers. */
  | { readonly type: "leading" }
  /** Another relay holds the lead; this one takes over when that one ends. */
  | { readonly type: "standby" }
  | {
      readonly type: "published";
      /** Rows of the log. */
      readonly signals: number;
      /** What the broker was given for them, after merging. */
      readonly frames: number;
      /** From the oldest commit to the broker's ok, at most; without the wait for a limit. */
      readonly lagMs: number;
      /** Places of the first and the last row in the log. */
      readonly rows: readonly [first: string | undefined, last: string | undefined];
    }
  | {
      readonly type: "broker-failed" | "database-failed";
      readonly attempt: number;
      readonly retryMs: number;
      readonly error: unknown;
    }
  /** The broker refuses a signal for what is in it; it waits for an operator, and the rest goes on. */
  | {
      readonly type: "set-aside";
      readonly channel: string;
      readonly name: string;
      readonly attempts: number;
      readonly error: unknown;
    }
  /** The log became another one: restored, cloned, promoted. */
  | {
      readonly type: "restored";
      /** False where the broker does not say who listens; they find out later. */
      readonly told: boolean;
    }
  | { readonly type: "pruned"; readonly signals: number };

/** Of a page whose frames the broker has accepted. */
export function published(page: LogPage, frames: number, lagMs: number): RelayEvent {
  const rows = [page.deliveries[0]?.row, page.deliveries.at(-1)?.row] as const;
  return { type: "published", signals: page.deliveries.length, frames, lagMs, rows };
}

/** How a relay is, for health checks and metrics. */
export interface RelayHealth {
  readonly state:
    | "stopped"
    /** No database session, and trying. */
    | "connecting"
    | "standby"
    | "leading"
    /** Leading, with signals the broker does not take. */
    | "blocked";
  /** Signals read and not yet accepted by the broker; without those that wait for their channel's limit. */
  readonly backlog: number;
  /** True when the log holds more than the backlog says. */
  readonly more: boolean;
  /** Age of the oldest signal not yet accepted; 0 without a backlog. */
  readonly lagMs: number;
  /** Failures in a row, of the broker or the database. */
  readonly attempts: number;
  readonly lastError: unknown;
  /** Milliseconds since everything that was committed had been delivered; undefined if it never was. */
  readonly caughtUpMsAgo: number | undefined;
  /** Signals accepted since the start. */
  readonly published: number;
}
