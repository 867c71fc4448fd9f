import type { Sql } from "../../server/ports.ts";
import type { CatchUpRecord } from "./catch-up-record.ts";
import { type Delivered, listDelivered } from "./delivered.ts";
import {
  type ListOptions,
  listSignals,
  type SignalFilter,
  type Tail,
  tailSignals,
} from "./list-signals.ts";
import { listSkipped, type SkippedCapture } from "./list-skipped.ts";
import type { LoggedSignal } from "./logged-signal.ts";
import { type Backlog, readBacklog } from "./read-backlog.ts";
import { type SignalHandle, type SignalTrace, traceSignal } from "./trace-signal.ts";

/**
 * Read-only access to the log for operators: its signals, its backlog and the path of one signal. To retry or drop
 * signals that were set aside use `createPoisonedSignals`.
 *
 * Filters other than `channel` and `place` scan all rows, about a million per second: set a statement timeout.
 */
export interface SignalInspector {
  /** Returns signals, newest first. For the next page pass the last signal's `place` as `before`. */
  list(options?: ListOptions): Promise<readonly LoggedSignal[]>;
  /** Returns the signals committed after the previous call's position; null starts now. `limit` defaults to 100. */
  tail(
    position: string | null,
    options?: SignalFilter & { readonly limit?: number },
  ): Promise<Tail>;
  /** Returns what the broker has not accepted yet. */
  backlog(): Promise<Backlog>;
  /** Returns the rows of captured tables that made no signal, by table and signal, most rows first. */
  skipped(): Promise<readonly SkippedCapture[]>;
  /** Returns delivered pages, newest first. `before` is a page number; `limit` defaults to 100. */
  pages(options?: {
    readonly before?: string;
    readonly limit?: number;
  }): Promise<readonly Delivered[]>;
  /**
   * Returns the path of a signal from commit to delivery. For a merged frame pass its `last`, since its `id` belongs
   * to no row.
   *
   * @returns undefined when the log does not contain the signal.
   */
  trace(signal: SignalHandle): Promise<SignalTrace | undefined>;
}

/** Options of {@link createSignalInspector}. */
export interface SignalInspectorOptions {
  /** Runs single statements as a role granted as `readers`. */
  readonly sql: Sql;
  /** The record that the route of this process fills. Without it traces contain no catch-ups. */
  readonly catchUps?: CatchUpRecord;
}

/** Creates a {@link SignalInspector} on the Postgres log. */
export function createSignalInspector(options: SignalInspectorOptions): SignalInspector {
  const { sql, catchUps } = options;
  return {
    list: (filter) => listSignals(sql, filter),
    tail: (position, filter) => tailSignals(sql, position, filter),
    backlog: () => readBacklog(sql),
    skipped: () => listSkipped(sql),
    pages: (filter) => listDelivered(sql, filter),
    trace: (signal) => traceSignal(sql, signal, catchUps),
  };
}
