import type { LogPage } from "../ports.ts";

/** An event of a relay or drain, for logs and metrics. */
export type RelayEvent =
  /** The relay holds the lead and delivers. */
  | { readonly type: "leading" }
  /** Another relay holds the lead. This one takes over when the other stops. */
  | { readonly type: "standby" }
  /** The broker has accepted the frames of a page. */
  | {
      readonly type: "published";
      /** Rows of the log. */
      readonly signals: number;
      /** Frames published for them, after merging. */
      readonly frames: number;
      /** Upper bound of the time from the oldest commit to the broker's acceptance; without waits for a limit. */
      readonly lagMs: number;
      /** Ids of the first and the last row. */
      readonly rows: readonly [first: string | undefined, last: string | undefined];
    }
  /** The broker or the database failed; the next attempt follows after `retryMs`. */
  | {
      readonly type: "broker-failed" | "database-failed";
      readonly attempt: number;
      readonly retryMs: number;
      readonly error: unknown;
    }
  /** The broker refused a signal for its content in every attempt. It is stored for an operator. */
  | {
      readonly type: "set-aside";
      readonly channel: string;
      readonly name: string;
      readonly attempts: number;
      readonly error: unknown;
    }
  /** The database was restored, cloned or promoted, so that earlier cursors are no longer valid. */
  | {
      readonly type: "restored";
      /** Whether clients were notified. False where the broker cannot list subscriptions; clients detect it later. */
      readonly announced: boolean;
    }
  /** Old delivered rows were deleted. */
  | { readonly type: "pruned"; readonly signals: number };

export function published(page: LogPage, frames: number, lagMs: number): RelayEvent {
  const rows = [page.deliveries[0]?.row, page.deliveries.at(-1)?.row] as const;
  return { type: "published", signals: page.deliveries.length, frames, lagMs, rows };
}

/** State of a relay, for health checks and metrics. */
export interface RelayHealth {
  readonly state:
    | "stopped"
    /** Opening a database session. */
    | "connecting"
    /** Another relay leads. */
    | "standby"
    | "leading"
    /** Leading, but the broker does not accept frames. */
    | "blocked"
    /** A follower of streams while no stream is open. It holds no database session. */
    | "resting";
  /** Signals read and not yet accepted by the broker; without those that wait for their channel's limit. */
  readonly backlog: number;
  /** True when the log has further signals that were not read yet. */
  readonly more: boolean;
  /** Age of the oldest signal not yet accepted; 0 without a backlog. */
  readonly lagMs: number;
  /** Consecutive failures of the broker or the database. */
  readonly attempts: number;
  /** Error of the last failure; kept after a success. */
  readonly lastError: unknown;
  /** Milliseconds since everything committed had been delivered; undefined if it never was. */
  readonly caughtUpMsAgo: number | undefined;
  /** Signals accepted by the broker since the start. */
  readonly published: number;
}

/** Health of a relay that was not started. */
export const stoppedHealth: RelayHealth = {
  state: "stopped",
  backlog: 0,
  more: false,
  lagMs: 0,
  attempts: 0,
  lastError: undefined,
  caughtUpMsAgo: undefined,
  published: 0,
};
