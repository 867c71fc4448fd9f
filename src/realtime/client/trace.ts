import { callEach } from "./listeners.ts";

/** A signal in a trace. */
export interface TracedSignal {
  readonly channel: string;
  readonly name: string;
  readonly id: string;
  readonly origin: string | undefined;
}

/** Why a query was marked as stale. */
export type StaleCause =
  | { readonly type: "signal"; readonly signal: TracedSignal }
  | { readonly type: "gap"; readonly channel: string }
  /** No signals arrive for the query, and it is read at intervals and on focus. */
  | { readonly type: "poll" }
  /** The age of the data is unknown: it came from outside, or was read before the query was bound. */
  | { readonly type: "unknown-age" }
  /** A mutation of this tab that changed what the query shows has settled. */
  | { readonly type: "mutation" }
  /** Rows of an entity arrived during a fetch that ended without data, so that they could not be put into it. */
  | { readonly type: "kept-rows" }
  /** By `bridge.invalidate`, `useInvalidation` or `show()`. */
  | { readonly type: "asked" };

/**
 * A step from a signal to a fetch, for debugging why a query was fetched. `query` is TanStack's hash of the
 * query.
 */
export type TraceEvent =
  | { readonly type: "signal"; readonly signal: TracedSignal }
  /** Delivered before: catch-up, tail repeats and live delivery overlap on purpose. */
  | { readonly type: "duplicate"; readonly signal: TracedSignal }
  | { readonly type: "gap"; readonly channel: string }
  /** The channel starts from the cursor that came with the page. */
  | { readonly type: "hand-over"; readonly channel: string }
  | { readonly type: "poll" }
  /** The viewer may no longer read the channel. */
  | { readonly type: "revoked"; readonly channel: string }
  | { readonly type: "purged"; readonly query: string; readonly channel: string | undefined }
  /** The signal of this tab's mutation waits until the mutation has settled. */
  | { readonly type: "held"; readonly query: string; readonly signal: TracedSignal }
  /** A fetch that began after this tab's mutation covers the signal. */
  | { readonly type: "dropped-as-own"; readonly query: string; readonly signal: TracedSignal }
  /** The signal was counted and caused no fetch, as by `countArrivals`. */
  | { readonly type: "counted"; readonly query: string; readonly signal: TracedSignal }
  /** The rows of an entity were put into the query, without a fetch. */
  | { readonly type: "upserted"; readonly query: string; readonly signal: TracedSignal }
  | { readonly type: "stale"; readonly query: string; readonly cause: StaleCause }
  | {
      readonly type: "postponed";
      readonly query: string;
      readonly because: "hidden" | "inactive" | "held";
    }
  /** Without causes: a fetch that the library did not start, e.g. the first one, or one on focus. */
  | { readonly type: "fetch"; readonly query: string; readonly causes: readonly StaleCause[] }
  | {
      readonly type: "settled";
      readonly query: string;
      readonly outcome: "success" | "error" | "cancelled";
    };

/** Called with each trace event, synchronously. */
export type TraceListener = (event: TraceEvent) => void;

/** Distributes trace events. */
export interface Tracing {
  /** Undefined without listeners, so that events need not be made. */
  readonly emit: TraceListener | undefined;
  /** Adds a listener. Returns a function that removes it. */
  listen(listener: TraceListener): () => void;
}

export function createTracing(first?: TraceListener): Tracing {
  const listeners = new Set(first && [first]);
  const emit: TraceListener = (event) => {
    // biome-ignore lint/suspicious/noConsole: a trace is for development, where errors are read in the console
    callEach(listeners, (listener) => listener(event), console.error);
  };
  return {
    get emit() {
      return listeners.size > 0 ? emit : undefined;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
