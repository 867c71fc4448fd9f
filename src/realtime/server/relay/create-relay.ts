import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import { observer } from "../observer.ts";
import type { Broker, RelayLog, RelaySession } from "../ports.ts";
import { defaultRetentionMs } from "../retention.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { within } from "../within.ts";
import { type LeadOptions, lead, pollMs, usualSpacingMs } from "./lead.ts";
import { openSession } from "./open-session.ts";
import type { RelayEvent, RelayHealth } from "./relay-events.ts";
import { createRelayState } from "./relay-state.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { createWakeSignal } from "./wake-signal.ts";

/** Options of {@link createRelay}. */
export interface RelayOptions {
  readonly log: RelayLog;
  readonly broker: Broker;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Returns 0 to 1, for the jitter of the back-off. Default `Math.random`. */
  readonly random?: () => number;
  /**
   * Signals that are switched off are not published and stay in the log. Signals of a channel with a limit are
   * merged into fewer frames. Default: everything is on, without limits.
   */
  readonly rollout?: Pick<Rollout, "gate" | "frameLimit">;
  /** How long delivered signals are kept for catch-up, in ms; deleted in whole days. Default 72 hours. */
  readonly retentionMs?: number;
  /**
   * Least time between the starts of two reads of the log, in ms; in a flood 50 if that is longer. Signals of one read
   * are merged. Default 25.
   */
  readonly spacingMs?: number;
  /** Receives what the relay does, for logs and metrics. What it throws is printed. Default: not called. */
  readonly onEvent?: (event: RelayEvent) => void;
}

/** Publishes committed signals from the log to a broker. */
export interface Relay {
  /** Starts the relay. Of several relays on one log one leads and the others stand by. Idempotent. */
  start(): void;
  /** Stops the relay. Resolves when its database session is closed. Idempotent. */
  stop(): Promise<void>;
  /** Returns the current state, for health checks and metrics. */
  health(): RelayHealth;
  /**
   * Makes the relay read at once, after a commit in this process. Optional: without it the relay reads when the
   * notification of the database arrives.
   */
  wake(): void;
}

const statementMs = 5000;

/**
 * Creates a relay: it reads committed signals from the log, merges them per channel and name, publishes them in
 * commit order, and saves its position. It retries with back-off when the broker or the database fails and never
 * gives up. A frame that the broker refuses five times for its content is set aside.
 *
 * ```ts
 * const relay = createRelay({ log: createRelayLog({ open: postgresJs(url) }), broker });
 * relay.start();
 * process.once("SIGTERM", () => relay.stop());
 * ```
 */
export function createRelay(options: RelayOptions): Relay {
  const { log, broker, clock = monotonicClock, random = Math.random } = options;
  const { retentionMs = defaultRetentionMs } = options;
  const onEvent = observer(options.onEvent);
  const { gate = async () => () => true, frameLimit = async () => undefined } =
    options.rollout ?? {};
  const { spacingMs = usualSpacingMs } = options;
  const wakeSignal = createWakeSignal(clock);
  const state = createRelayState(clock);
  let stopping = false;
  let running: Promise<void> | undefined;
  const answered = <Result>(work: PromiseLike<Result>) =>
    within(clock, statementMs, "The database", work);

  /** Waits after a failure. `wake` does not end the wait, `stop` does. */
  const retryLater = async (type: "broker-failed" | "database-failed", error: unknown) => {
    const attempt = state.health().attempts + 1;
    const retryMs = retryDelayMs(attempt, random);
    state.note({ attempts: attempt, lastError: error });
    onEvent({ type, attempt, retryMs, error });
    await pause(retryMs);
  };

  const pause = async (durationMs: number) => {
    const end = clock.now() + durationMs;
    for (let leftMs = durationMs; leftMs > 0 && !stopping; leftMs = end - clock.now()) {
      await wakeSignal.wait(leftMs);
    }
  };

  const backOff: LeadOptions["backOff"] = async (outcome) => {
    if (outcome.status === "refused") return pause(retryDelayMs(outcome.attempt, random));
    state.note({ state: "blocked" });
    await retryLater("broker-failed", outcome.error);
  };

  const takeLead = async (session: RelaySession): Promise<string | undefined> => {
    for (;;) {
      const position = await answered(session.lead());
      if (position !== undefined || stopping) return position;
      if (state.health().state !== "standby") onEvent({ type: "standby" });
      state.note({ state: "standby", attempts: 0 });
      await pause(pollMs);
    }
  };

  const leadOptions: LeadOptions = {
    broker,
    clock,
    gate,
    frameLimit,
    retentionMs,
    spacingMs,
    onEvent,
    state,
    wakeSignal,
    answered,
    pause,
    backOff,
    isStopping: () => stopping,
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      state.note({ state: "connecting" });
      let session: RelaySession | undefined;
      try {
        session = await openSession(clock, log, {
          notified: wakeSignal.notify,
          // Ends a wait, so that the next statement detects that the session is closed.
          closed: wakeSignal.notify,
        });
        const position = await takeLead(session);
        if (position === undefined) continue;
        state.note({ state: "leading", attempts: 0 });
        onEvent({ type: "leading" });
        await lead(leadOptions, session, position);
        await answered(session.wake());
      } catch (error) {
        state.note({ state: "connecting" });
        if (!stopping) await retryLater("database-failed", error);
      } finally {
        await session?.close().catch(() => {});
      }
    }
    state.note({ state: "stopped", backlog: 0, more: false, lagMs: 0 });
  };

  return {
    start: () => {
      if (running !== undefined) return;
      stopping = false;
      running = run();
    },
    stop: async () => {
      stopping = true;
      wakeSignal.notify();
      await running;
      running = undefined;
    },
    wake: wakeSignal.notify,
    health: state.health,
  };
}
