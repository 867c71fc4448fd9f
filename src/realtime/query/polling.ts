import type { Environment } from "../client/environment.ts";
import type { Timers } from "../protocol/clock.ts";
import type { AnyQuery, Bindings } from "./binding/bindings.ts";
import type { LiveState } from "./state/live-state.ts";
import type { LiveStates } from "./state/live-states.ts";

/** Interval for queries whose delivery failed, ± half. */
const pollMs = 30_000;
const defaultSlowPollMs = 300_000;

/** How queries are fetched that get no signals. */
export interface PollingSettings {
  /**
   * Interval in ms, ± half, for queries with a channel that is off or denied. They are also fetched on focus.
   * `false`: neither. Default 300,000.
   */
  readonly slowPollMs?: number | false | undefined;
  /** Interval in ms, ± half, without a transport. Default: these queries are fetched on focus only. */
  readonly pullMs?: number | undefined;
}

export interface PollingOptions extends PollingSettings {
  readonly states: LiveStates;
  readonly bindings: Bindings;
  readonly timers: Timers;
  readonly random: () => number;
  readonly environment: Environment;
  /** `isAttempt`: a failed fetch is not retried before the next poll. */
  poll(queries: readonly AnyQuery[], isAttempt: boolean): void;
}

type Kind = "failed" | "refused" | "pulled";

function kindOf(state: LiveState): Kind | undefined {
  switch (state.status) {
    case "polling":
      return "failed";
    case "off":
    case "denied":
      return "refused";
    case "offline":
      return state.reason === "no-transport" ? "pulled" : undefined;
    default:
      return undefined;
  }
}

/**
 * Polls queries while they get no signals. The intervals are random, because many pages may poll at the same
 * time. An interruption of a few seconds causes no poll. Returns a function that stops it.
 */
export function startPolling(options: PollingOptions): () => void {
  const { states, bindings, timers, random, environment, poll } = options;
  const { slowPollMs = defaultSlowPollMs, pullMs } = options;
  const everyMs = { failed: pollMs, refused: slowPollMs, pulled: pullMs };
  const planned = new Map<Kind, () => void>();
  let wasVisible = environment.isVisible();

  const ofKind = (kind: Kind) =>
    bindings.active().filter((query) => kindOf(states.of(query)) === kind);

  const update = () => {
    const kinds = new Set(bindings.active().map((query) => kindOf(states.of(query))));
    for (const [kind, cancel] of planned) {
      // `refused` timers keep running: a channel that is off is joined again from time to time.
      if (kinds.has(kind) || kind === "refused") continue;
      cancel();
      planned.delete(kind);
    }
    for (const kind of kinds) {
      if (kind === undefined || planned.has(kind)) continue;
      const ms = everyMs[kind];
      if (ms === undefined || ms === false) continue;
      const cancel = timers.after(ms * (0.5 + random()), () => {
        planned.delete(kind);
        const due = ofKind(kind);
        if (due.length > 0) poll(due, kind === "refused");
        update();
      });
      planned.set(kind, cancel);
    }
  };

  const onEnvironment = (mayHaveSlept: boolean) => {
    const isVisible = environment.isVisible();
    const isBack = isVisible && (mayHaveSlept || !wasVisible);
    wasVisible = isVisible;
    if (!isBack) return;
    for (const kind of ["refused", "pulled"] as const) {
      if (everyMs[kind] === false) continue;
      // TanStack's refetch on focus may have started already.
      const due = ofKind(kind).filter(({ state }) => state.fetchStatus === "idle");
      if (due.length > 0) poll(due, kind === "refused");
    }
  };

  const stops = [states.onChange(update), environment.listen(onEnvironment)];
  update();
  return () => {
    for (const stop of stops) stop();
    for (const cancel of planned.values()) cancel();
  };
}
