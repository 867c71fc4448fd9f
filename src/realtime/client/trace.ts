/** A signal as a trace names it. */
export interface TracedSignal {
  readonly channel: string;
  readonly name: string;
  readonly id: string;
  readonly origin: string | undefined;
}

/** Why a query was made stale. */
export type StaleCause =
  | { readonly type: "signal"; readonly signal: TracedSignal }
  | { readonly type: "gap"; readonly channel: string }
  /** No signals arrive for the query, and it is read at intervals and on focus. */
  | { readonly type: "poll" }
  /** How old the data is is not known: it came from outside, or was read before the query was bound. */
  | { readonly type: "unknown-age" }
  /** A mutation of this tab that changed what the query shows has settled. */
  | { readonly type: "mutation" }
  /** `bridge.invalidate`: `useInvalidation`, a hand-over that came too late, `show()`. */
  | { readonly type: "asked" };

/**
 * What happened on the way from a signal to a fetch, in the order in which it happened. `query` is
 * TanStack's hash of the query. For people who look for the answer to "why was this read again?".
 */
export type TraceEvent =
  | { readonly type: "signal"; readonly signal: TracedSignal }
  /** Told before: catch-up, echo and live delivery overlap on purpose. */
  | { readonly type: "duplicate"; readonly signal: TracedSignal }
  | { readonly type: "gap"; readonly channel: string }
  /** The page came with a cursor, and the channel starts from there. */
  | { readonly type: "hand-over"; readonly channel: string }
  | { readonly type: "poll" }
  /** The viewer may no longer read the channel. */
  | { readonly type: "revoked"; readonly channel: string }
  | { readonly type: "purged"; readonly query: string; readonly channel: string | undefined }
  /** Of this tab: it waits until its mutation has settled. */
  | { readonly type: "held"; readonly query: string; readonly signal: TracedSignal }
  /** Of this tab, and answered by a fetch that began after its mutation. */
  | { readonly type: "dropped-as-own"; readonly query: string; readonly signal: TracedSignal }
  /** Counted instead of read: the query's policy is `count`. */
  | { readonly type: "counted"; readonly query: string; readonly signal: TracedSignal }
  | { readonly type: "stale"; readonly query: string; readonly cause: StaleCause }
  | {
      readonly type: "postponed";
      readonly query: string;
      readonly because: "hidden" | "inactive" | "held";
    }
  /** Without causes: not ours, e.g. a first fetch, a focus, one more page. */
  | { readonly type: "fetch"; readonly query: string; readonly causes: readonly StaleCause[] }
  | {
      readonly type: "settled";
      readonly query: string;
      readonly outcome: "success" | "error" | "cancelled";
    };

export type TraceListener = (event: TraceEvent) => void;

/** Where events are told. Without a listener there is no `emit`, so that nothing is even put together. */
export interface Tracing {
  readonly emit: TraceListener | undefined;
  /** Hands back what stops it. */
  listen(listener: TraceListener): () => void;
}

export function createTracing(first?: TraceListener): Tracing {
  const listeners = new Set<TraceListener>();
  const emitToAll: TraceListener = (event) => {
    for (const listener of [...listeners]) listener(event);
  };
  const tracing = {
    emit: undefined as TraceListener | undefined,
    listen: (listener: TraceListener) => {
      listeners.add(listener);
      tracing.emit = emitToAll;
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) tracing.emit = undefined;
      };
    },
  };
  if (first !== undefined) tracing.listen(first);
  return tracing;
}
