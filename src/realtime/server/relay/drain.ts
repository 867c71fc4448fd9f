import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import { observer } from "../observer.ts";
import type { Broker, RelayLog, RelaySession } from "../ports.ts";
import { defaultRetentionMs } from "../retention.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { within } from "../within.ts";
import { openSession } from "./open-session.ts";
import { createPageDelivery } from "./page-delivery.ts";
import { published, type RelayEvent } from "./relay-events.ts";
import { announceRestored } from "./restore-notice.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** Options of {@link drain}. */
export interface DrainOptions {
  readonly log: RelayLog;
  readonly broker: Broker;
  /** Reads no further page after this time, in ms. Default 50,000, for a cron that runs every minute. */
  readonly maxMs?: number;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Returns 0 to 1, for the jitter of the back-off. Default `Math.random`. */
  readonly random?: () => number;
  /** As in `RelayOptions`. Default: everything is on, without limits. */
  readonly rollout?: Pick<Rollout, "gate" | "frameLimit">;
  /** How long delivered signals are kept for catch-up, in ms; deleted in whole days. Default 72 hours. */
  readonly retentionMs?: number;
  /** Receives what the drain does, for logs and metrics. Default: not called. */
  readonly onEvent?: (event: RelayEvent) => void;
}

/** Result of {@link drain}. */
export type Drained =
  /** Another drain or a relay leads; nothing was published. */
  | { readonly standby: true }
  | {
      readonly standby: false;
      /** Rows of the log. */
      readonly signals: number;
      /** Frames published for them. */
      readonly frames: number;
      /** True when `maxMs` ended with signals left in the log. */
      readonly more: boolean;
    };

const statementMs = 5000;
/** Age of frames to repeat: the minute since the previous run of a cron, and some delay. */
const lastRunMs = 90_000;

/**
 * Publishes the pending signals and returns, for serverless platforms that cannot run a relay. Call it from a
 * cron. It takes the same lead as a relay, so several drains and relays may start at once.
 *
 * ```ts
 * const result = await drain({ log: createRelayLog({ open }), broker });
 * ```
 *
 * @throws the last error of the broker when `maxMs` ends while it fails, and any error of the database.
 */
export async function drain(options: DrainOptions): Promise<Drained> {
  const { log, broker, maxMs = 50_000, clock = monotonicClock, random = Math.random } = options;
  const { retentionMs = defaultRetentionMs } = options;
  const onEvent = observer(options.onEvent);
  const { gate = async () => () => true, frameLimit = async () => undefined } =
    options.rollout ?? {};
  const endsAtMs = clock.now() + maxMs;
  const answered = <Result>(work: PromiseLike<Result>) =>
    within(clock, statementMs, "The database", work);
  const pause = (durationMs: number) =>
    new Promise<void>((resolve) => void clock.after(durationMs, resolve));

  const run = async (session: RelaySession): Promise<Drained> => {
    const start = await answered(session.lead());
    if (start === undefined) return { standby: true };
    if (await answered(session.isRestored())) {
      const announced = await announceRestored(broker, start);
      await answered(session.save(start));
      onEvent({ type: "restored", announced });
    }
    await repeatTails(session, start);
    const pages = createPageDelivery({
      session,
      start,
      answered,
      broker,
      clock,
      gate,
      frameLimit,
      onEvent,
    });
    let [signals, frames, failures, more] = [0, 0, 0, true];
    while (more && clock.now() < endsAtMs) {
      const page = await pages.read();
      more = page.deliveries.length > 0 || pages.dueInMs() < Number.POSITIVE_INFINITY;
      if (!more) break;
      if (!pages.isDue(page)) {
        await pause(pages.dueInMs());
        continue;
      }
      const outcome = await pages.publish(page);
      if (outcome.status === "failed") {
        failures += 1;
        const retryMs = retryDelayMs(failures, random);
        if (clock.now() + retryMs >= endsAtMs) throw outcome.error;
        onEvent({ type: "broker-failed", attempt: failures, retryMs, error: outcome.error });
        await pause(retryMs);
      } else if (outcome.status === "refused") await pause(retryDelayMs(outcome.attempt, random));
      else {
        failures = 0;
        const { left } = outcome;
        if (left.deliveries.length === 0) continue;
        signals += left.deliveries.length;
        frames += outcome.frames.length;
        onEvent(published(left, outcome.frames.length, page.lagMs + outcome.tookMs));
      }
    }
    const pruned = await answered(session.prune(retentionMs));
    if (pruned > 0) onEvent({ type: "pruned", signals: pruned });
    return { standby: false, signals, frames, more };
  };

  /** Repeats the last frames of the previous run, since no process was running when their repeats were due. */
  const repeatTails = async (session: RelaySession, position: string) => {
    const last = await answered(session.recent(position, lastRunMs));
    await broker.publish(last.filter(await gate(last))).catch(() => {});
  };

  const session = await openSession(clock, log, { notified: () => {}, closed: () => {} });
  try {
    return await run(session);
  } finally {
    await session.close().catch(() => {});
  }
}
