import type { Clock } from "../../protocol/clock.ts";
import type { Broker, RelaySession } from "../ports.ts";
import { isRefusalOfContent } from "../refusal.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { createPageDelivery, type NotDelivered } from "./page-delivery.ts";
import { published, type RelayEvent } from "./relay-events.ts";
import type { RelayState } from "./relay-state.ts";
import { createRestoreCheck } from "./restore-notice.ts";
import { createTailRepeats, type TailRepeats } from "./tail-repeats.ts";
import type { WakeSignal } from "./wake-signal.ts";

/** Default of `spacingMs`. */
export const usualSpacingMs = 25;
/** Least time between the starts of two reads in a flood, when nearly all signals merge: at most 20 frames per second for each channel and name. */
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
/** Maximum number of frames repeated in one pass of the loop. */
const repeatsPerTurn = 200;
/** Age up to which a new leader repeats the last frames, whose repeats the previous leader may have missed. */
const takeOverMs = 60_000;
const pruneEveryMs = 10 * 60 * 1000;

export interface LeadOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly gate: Rollout["gate"];
  readonly frameLimit: Rollout["frameLimit"];
  readonly retentionMs: number;
  /**
   * Least time between the starts of two reads. Signals of a burst merge, and a single signal waits no longer than this.
   */
  readonly spacingMs: number;
  readonly onEvent: (event: RelayEvent) => void;
  readonly state: RelayState;
  readonly wakeSignal: WakeSignal;
  /** Bounds the time of a statement of the session. */
  readonly answered: <Result>(work: PromiseLike<Result>) => Promise<Result>;
  readonly isStopping: () => boolean;
  /** Waits for this long. A notification does not end the wait, `stop` does. */
  readonly pause: (durationMs: number) => Promise<void>;
  /** Waits for the back-off after the broker did not accept a page. */
  readonly backOff: (outcome: NotDelivered) => Promise<void>;
}

/**
 * Delivers the log as its leader until the relay stops, or the log was restored from a backup. A new leader then
 * starts at the restored position.
 *
 * @throws any error of the database. The session is then of no use.
 */
export async function lead(
  options: LeadOptions,
  session: RelaySession,
  start: string,
): Promise<void> {
  const { broker, clock, state, wakeSignal, answered, onEvent, spacingMs } = options;
  const pages = createPageDelivery({ ...options, session, start });
  const repeats = createTailRepeats(clock);
  repeats.sent(await answered(session.recent(start, takeOverMs)));
  const restore = await createRestoreCheck({
    session,
    broker,
    clock,
    answered,
    onEvent,
    onFailure: (lastError) => state.note({ lastError }),
    everyMs: pollMs,
  });
  const housekeeping = createHousekeeping(options, session);
  let asleep = false;
  let sleptAtMs = 0;
  let settle = settleMs;

  while (!options.isStopping()) {
    if (await restore.check(pages.position())) return;
    const page = await pages.read();
    if (pages.isDue(page)) {
      state.read(page);
      // Writers need not send notifications while the relay is busy or the broker is away.
      // If this fails the session is closed, and `save` reports it.
      if (asleep) session.wake().catch(() => {});
      asleep = false;
      const readAtMs = clock.now();
      // Until a restore has been announced the old position stays, so that a new leader detects the restore too.
      const outcome = await pages.publish(page, !restore.isPending());
      if (outcome.status !== "sent") {
        await options.backOff(outcome);
        continue;
      }
      const { left, frames } = outcome;
      if (left.deliveries.length > 0) onEvent(published(left, frames.length, state.lagMs()));
      state.published(page, left.deliveries.length);
      repeats.sent(frames);
      if (!page.more) await housekeeping.beat();
      await repeatTails(options, repeats);
      await housekeeping.prune();
      const isFlood = outcome.switchedOn >= floodRatio * Math.max(1, frames.length);
      const apartMs = isFlood ? Math.max(floodSpacingMs, spacingMs) : spacingMs;
      if (!page.more) await options.pause(apartMs - (clock.now() - readAtMs));
      continue;
    }
    pages.pass(page);
    await housekeeping.beat();
    if (!asleep) {
      await answered(session.sleep(sleepMs));
      asleep = true;
      sleptAtMs = clock.now();
      settle = settleMs;
      continue; // read what was committed before notifications were switched on
    }
    await housekeeping.prune();
    if (await repeatTails(options, repeats)) continue;
    settle = Math.min(pollMs, settle * 2);
    await wakeSignal.wait(Math.min(page.quiet ? pollMs : settle, pages.dueInMs()));
    // Read first after a notification; `sleep` is renewed later.
    if (clock.now() - sleptAtMs < pollMs) continue;
    sleptAtMs = clock.now();
    await answered(session.sleep(sleepMs));
  }
}

/** @returns whether more repeats are due. Repeats that fail stay due and do not delay new frames. */
async function repeatTails(
  { broker, gate }: Pick<LeadOptions, "broker" | "gate">,
  repeats: TailRepeats,
): Promise<boolean> {
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
}

/** What a leader does now and then. */
function createHousekeeping(
  { broker, clock, state, answered, onEvent, retentionMs }: LeadOptions,
  session: RelaySession,
) {
  let prunedAtMs = clock.now() - pruneEveryMs;
  let beatAtMs = Number.NEGATIVE_INFINITY;
  return {
    /** Records that all that is committed has been delivered. */
    beat: async () => {
      state.caughtUp();
      broker.caughtUp?.();
      if (clock.now() - beatAtMs < pollMs) return;
      beatAtMs = clock.now();
      await answered(session.beat());
    },
    prune: async () => {
      if (clock.now() - prunedAtMs < pruneEveryMs) return;
      prunedAtMs = clock.now();
      const signals = await answered(session.prune(retentionMs));
      if (signals > 0) onEvent({ type: "pruned", signals });
    },
  };
}
