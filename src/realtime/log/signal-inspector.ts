import type { Sql } from "../server/ports.ts";
import type { CatchUpRecord } from "./catch-up-record.ts";
import { type Delivered, listDelivered } from "./delivered.ts";
import {
  type ListOptions,
  listSignals,
  type SignalFilter,
  type Tail,
  tailSignals,
} from "./list-signals.ts";
import type { LoggedSignal } from "./logged-signal.ts";
import { type Backlog, readBacklog } from "./read-backlog.ts";
import { type SignalHandle, type SignalTrace, traceSignal } from "./trace-signal.ts";

/**
 * For operators: what the log holds, what waits, and where one signal has been. Reads only; what was set
 * aside is decided with `createPoisonedSignals`.
 *
 * What filters by anything but `channel` or a place looks at rows one by one, a million of them in about
 * a second: give such questions a statement time-out.
 */
export interface SignalInspector {
  /** The youngest first. A next page begins `before` the place of the last one. */
  list(options?: ListOptions): Promise<readonly LoggedSignal[]>;
  /** What was committed since the position of the last call; null to begin. At most `limit`, default 100. */
  tail(
    position: string | null,
    options?: SignalFilter & { readonly limit?: number },
  ): Promise<Tail>;
  backlog(): Promise<Backlog>;
  /** Pages as they left, the youngest first. At most `limit`, default 100. */
  pages(options?: {
    readonly before?: string;
    readonly limit?: number;
  }): Promise<readonly Delivered[]>;
  /**
   * From commit to delivery. Of a frame that united several give `last`: the id of a union is no row's.
   *
   * @returns undefined when the log has no such signal, or no longer.
   */
  trace(signal: SignalHandle): Promise<SignalTrace | undefined>;
}

export interface SignalInspectorOptions {
  /** Runs single statements as a role granted as `readers`. */
  readonly sql: Sql;
  /** The record of this process, which the route fills. Without it a trace tells of no catch-ups. */
  readonly catchUps?: CatchUpRecord;
}

export function createSignalInspector(options: SignalInspectorOptions): SignalInspector {
  const { sql, catchUps } = options;
  return {
    list: (filter) => listSignals(sql, filter),
    tail: (position, filter) => tailSignals(sql, position, filter),
    backlog: () => readBacklog(sql),
    pages: (filter) => listDelivered(sql, filter),
    trace: (signal) => traceSignal(sql, signal, catchUps),
  };
}
