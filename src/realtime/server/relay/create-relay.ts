import { backOffMs } from "../back-off.ts";
import { systemClock, within } from "../clock.ts";
import type { Broker, Clock, Delivery, LogPage, RelayLog, RelaySession } from "../ports.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { isRefusalOfContent } from "../route/refusal.ts";
import { createFrameLimiter } from "./frame-limiter.ts";
import { mergeDeliveries } from "./merge-deliveries.ts";
import { createPagePublisher, type PagePublisher } from "./page-publisher.ts";
import { createPredecessorLinks } from "./predecessor-links.ts";
import { readAhead } from "./read-ahead.ts";
import { published, type RelayEvent, type RelayHealth } from "./relay-events.ts";
import { announceRestored } from "./restore-notice.ts";
import { createTailRepeats, type TailRepeats } from "./tail-repeats.ts";
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
  /** Receives what the relay does, for logs and metrics. Default: not called. */
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
  ring(): void;
}

/**
 * Minimum time between the starts of two reads. Signals of a burst merge, and a single signal waits no longer
 * than this.
 */
const spacingMs = 25;
/** The same in a flood, when nearly all signals merge: at most 20 frames per second for each channel and name. */
const floodSpacingMs = 50;
/** Average number of signals per frame that counts as a flood. */
const floodRatio = 16;
/** Interval of reads without a notification, in case one was lost. */
export const pollMs = 2000;
/**
 * How long writers send notifications after `sleep`. Longer than a late poll, and short enough that they stop
 * soon after a relay has died.
 */
const sleepMs = 3 * pollMs;
/** First poll interval while transactions that send no notification are still open. Doubles up to {@link pollMs}. */
const settleMs = 10;
const statementMs = 5000;
/** Maximum number of frames repeated in one pass of the loop. */
const repeatsPerTurn = 200;
/** Age up to which a new leader repeats the last frames, whose repeats the previous leader may have missed. */
const takeOverMs = 60_000;
const pruneEveryMs = 10 * 60 * 1000;

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
  const { log, broker, clock = systemClock, random = Math.random } = options;
  const { retentionMs = 72 * 60 * 60 * 1000, onEvent = () => {} } = options;
  const { gate = async () => () => true, frameLimit = async () => undefined } =
    options.rollout ?? {};
  const wakeSignal = createWakeSignal(clock);
  let stopping = false;
  let running: Promise<void> | undefined;
  let health: RelayHealth = {
    state: "stopped",
    backlog: 0,
    more: false,
    lagMs: 0,
    attempts: 0,
    lastError: undefined,
    published: 0,
    caughtUpMsAgo: undefined,
  };
  let pageReadAt = clock.now();
  let caughtUpAt: number | undefined;
  const note = (change: Partial<RelayHealth>) => {
    health = { ...health, ...change };
  };
  const answered = <Result>(work: PromiseLike<Result>) =>
    within(clock, statementMs, "The database", work);

  /** Waits after a failure. `ring` does not end the wait, `stop` does. */
  const retryLater = async (type: "broker-failed" | "database-failed", error: unknown) => {
    const attempt = health.attempts + 1;
    const retryMs = backOffMs(attempt, random);
    note({ attempts: attempt, lastError: error });
    onEvent({ type, attempt, retryMs, error });
    await pause(retryMs);
  };

  const pause = async (durationMs: number) => {
    const end = clock.now() + durationMs;
    for (let leftMs = durationMs; leftMs > 0 && !stopping; leftMs = end - clock.now()) {
      await wakeSignal.wait(leftMs);
    }
  };

  /** @returns the frames as published; undefined, after the back-off, when the broker did not accept them */
  const publish = async (
    publisher: PagePublisher,
    page: LogPage,
    frames: readonly Delivery[],
  ): Promise<readonly Delivery[] | undefined> => {
    const outcome = await publisher.publish(page, frames);
    if (outcome.status === "failed") {
      note({ state: "blocked" });
      await retryLater("broker-failed", outcome.error);
      return undefined;
    }
    if (outcome.status === "refused") {
      await pause(backOffMs(outcome.attempt, random));
      return undefined;
    }
    if (page.deliveries.length > 0) onEvent(published(page, frames.length, currentLag()));
    note({
      state: "leading",
      backlog: 0,
      more: page.more,
      lagMs: 0,
      attempts: 0,
      published: health.published + page.deliveries.length,
    });
    return outcome.frames;
  };

  const currentLag = () => health.lagMs + (clock.now() - pageReadAt);

  const takeLead = async (session: RelaySession): Promise<string | undefined> => {
    for (;;) {
      const position = await answered(session.lead());
      if (position !== undefined || stopping) return position;
      if (health.state !== "standby") onEvent({ type: "standby" });
      note({ state: "standby", attempts: 0 });
      await pause(pollMs);
    }
  };

  /** @returns whether more repeats are due. Repeats that fail stay due and do not delay new frames. */
  const repeatTails = async (repeats: TailRepeats): Promise<boolean> => {
    const due = repeats.due(repeatsPerTurn);
    if (due.length === 0) return false;
    try {
      await broker.publish(due.filter(await gate(due)));
      repeats.repeated(due);
    } catch (error) {
      // A frame refused for its content would be refused again.
      if (isRefusalOfContent(error)) repeats.repeated(due);
      return false;
    }
    return due.length === repeatsPerTurn;
  };

  const deliver = async (session: RelaySession, start: string): Promise<void> => {
    const links = createPredecessorLinks({
      heads: (...asked) => answered(session.heads(...asked)),
    });
    const repeats = createTailRepeats(clock);
    repeats.sent(await answered(session.recent(start, takeOverMs)));
    const limiter = createFrameLimiter(clock);
    const publisher = createPagePublisher({
      broker,
      setAside: (rows) => answered(session.setAside(rows)),
      onEvent,
    });
    const prune = async () => {
      if (clock.now() - prunedAt < pruneEveryMs) return;
      prunedAt = clock.now();
      const signals = await answered(session.prune(retentionMs));
      if (signals > 0) onEvent({ type: "pruned", signals });
    };
    const read = (from: string) => answered(session.read(from));
    let beatAt = Number.NEGATIVE_INFINITY;
    /** Records that all that is committed has been delivered. */
    const beat = async () => {
      caughtUpAt = clock.now();
      broker.caughtUp?.();
      if (clock.now() - beatAt < pollMs) return;
      beatAt = clock.now();
      await answered(session.beat());
    };
    let position = start;
    let attempts = 0;
    let asleep = false;
    let sleptAt = 0;
    let settle = settleMs;
    let prunedAt = clock.now() - pruneEveryMs;
    let restored = await answered(session.isRestored());
    let lookedAt = clock.now() - pollMs;
    /** @returns whether the log was restored since this leader started */
    const checkRestored = async (): Promise<boolean> => {
      if (clock.now() - lookedAt < pollMs) return false;
      lookedAt = clock.now();
      if (!restored) return answered(session.isRestored());
      let told: boolean;
      try {
        told = await announceRestored(broker, position);
      } catch (error) {
        note({ lastError: error }); // retried at the next check
        return false;
      }
      await answered(session.save(position));
      restored = false;
      onEvent({ type: "restored", told });
      return false;
    };
    while (!stopping) {
      if (await checkRestored()) return;
      const page = await readAhead(read, position, clock);
      if (page.deliveries.length > 0 || limiter.dueInMs() === 0) {
        pageReadAt = clock.now();
        attempts += 1;
        note({ backlog: page.deliveries.length, more: page.more, lagMs: page.lagMs });
        // Writers need not send notifications while the relay is busy or the broker is away.
        // If this fails the session is closed, and `save` reports it.
        if (asleep) session.wake().catch(() => {});
        asleep = false;
        const isOn = await gate(page.deliveries);
        const turn = limiter.turn(page, await frameLimit());
        const onAir = turn.leaving.filter(isOn);
        const frames = await links.link(mergeDeliveries(onAir), position);
        const sent = await publish(publisher, { ...page, deliveries: turn.leaving }, frames);
        if (sent === undefined) {
          // Read again, not republished: a revocation during the wait changes the epoch of its channel.
          position = limiter.startOver(position);
          continue;
        }
        links.sent(frames);
        repeats.sent(sent);
        const noted = limiter.left(turn, sent, {
          since: position,
          signals: page.deliveries.length,
          withheld: turn.leaving.length - onAir.length,
          frames: sent.length,
          attempts,
          tookMs: clock.now() - pageReadAt,
        });
        // Until a restore has been announced the old position stays, so that a new leader detects the restore too.
        if (noted !== undefined && !restored) {
          await answered(session.save(noted.position, noted.page));
        }
        position = page.position;
        attempts = 0;
        if (!page.more) await beat();
        await repeatTails(repeats);
        await prune();
        const isFlood = onAir.length >= floodRatio * Math.max(1, frames.length);
        const apartMs = isFlood ? floodSpacingMs : spacingMs;
        if (!page.more) await pause(apartMs - (clock.now() - pageReadAt));
        continue;
      }
      position = page.position;
      await beat();
      if (!asleep) {
        await answered(session.sleep(sleepMs));
        asleep = true;
        sleptAt = clock.now();
        settle = settleMs;
        continue; // read what was committed before notifications were switched on
      }
      await prune();
      if (await repeatTails(repeats)) continue;
      settle = Math.min(pollMs, settle * 2);
      await wakeSignal.wait(Math.min(page.quiet ? pollMs : settle, limiter.dueInMs()));
      // Read first after a notification; `sleep` is renewed later.
      if (clock.now() - sleptAt < pollMs) continue;
      sleptAt = clock.now();
      await answered(session.sleep(sleepMs));
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      note({ state: "connecting" });
      let session: RelaySession | undefined;
      try {
        session = await within(
          clock,
          2 * statementMs,
          "The database",
          log.open({
            rang: wakeSignal.notify,
            // Ends a wait, so that the next statement detects that the session is closed.
            closed: wakeSignal.notify,
          }),
        );
        const position = await takeLead(session);
        if (position === undefined) continue;
        note({ state: "leading", attempts: 0 });
        onEvent({ type: "leading" });
        await deliver(session, position);
        await answered(session.wake());
      } catch (error) {
        note({ state: "connecting" });
        if (!stopping) await retryLater("database-failed", error);
      } finally {
        await session?.close().catch(() => {});
      }
    }
    note({ state: "stopped", backlog: 0, more: false, lagMs: 0 });
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
    ring: wakeSignal.notify,
    health: () => ({
      ...health,
      lagMs: health.backlog === 0 ? health.lagMs : currentLag(),
      caughtUpMsAgo: caughtUpAt === undefined ? undefined : clock.now() - caughtUpAt,
    }),
  };
}
