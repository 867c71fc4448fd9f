import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import type { Broker } from "../../server/ports.ts";
import type { Relay } from "../../server/relay/create-relay.ts";
import { type RelayHealth, stoppedHealth } from "../../server/relay/relay-events.ts";
import { within } from "../../server/within.ts";
import type { SseHub } from "./hub.ts";

/** Options of {@link createStreamFollower}. */
export interface StreamFollowerOptions {
  readonly hub: SseHub;
  /** Creates a relay that starts at the end of the log: `createRelay({ log: createFollowLog({ open }), broker })`. */
  readonly relay: (broker: Broker) => Relay;
  /** How long the log is followed after the last stream has closed, in ms. Default 30,000. */
  readonly idleMs?: number;
  /** How long a stream may wait until the log is followed, in ms. Default 5,000. */
  readonly readyMs?: number;
  /** Default: the system clock. */
  readonly clock?: Clock;
}

/**
 * A relay that follows the log only while the hub has streams. Pass it as `relay` to `createStreamHandler`. `start`
 * allows streams to start it, `stop` ends that.
 */
export interface StreamFollower extends Relay {
  /**
   * Resolves when the log is followed. A stream that is opened then misses nothing.
   *
   * @throws when this takes longer than `readyMs`, or the follower is stopped.
   */
  ready(): Promise<void>;
}

/** Interval of checking whether the hub still has streams. */
const sweepMs = 1_000;

/** One period of following. */
interface Period {
  readonly relay: Relay;
  /** Resolves when the relay has read the end of the log. Rejects when the period ends before that. */
  readonly isCaughtUp: Promise<void>;
  readonly giveUp: (error: Error) => void;
}

/**
 * Creates the follower of a process that serves streams. It opens its database session for the first stream and
 * closes it after the last one, so that a process without streams holds no LISTEN.
 *
 * ```ts
 * const follower = createStreamFollower({
 *   hub,
 *   relay: (broker) => createRelay({ log: createFollowLog({ open }), broker }),
 * });
 * follower.start();
 * const handler = createStreamHandler({ hub, relay: follower, getViewer, allowedOrigins });
 * ```
 */
export function createStreamFollower(options: StreamFollowerOptions): StreamFollower {
  const { hub, idleMs = 30_000, readyMs = 5_000, clock = monotonicClock } = options;
  let isAllowed = false;
  let period: Period | undefined;
  /** Resolves when the previous period has closed its session: there is never a second one. */
  let ended: Promise<void> = Promise.resolve();
  let usedAtMs = 0;
  let cancelSweep = () => {};

  const begin = (): Period => {
    let caughtUp = () => {};
    let giveUp: Period["giveUp"] = () => {};
    const isCaughtUp = new Promise<void>((resolve, reject) => {
      caughtUp = resolve;
      giveUp = reject;
    });
    isCaughtUp.catch(() => {}); // Nothing may wait for it.
    const broker: Broker = {
      ...hub,
      caughtUp: () => {
        hub.caughtUp?.();
        caughtUp();
      },
    };
    // A relay of its own: a stopped one would continue at its old position and send what no stream has missed.
    const relay = options.relay(broker);
    const begun = { relay, isCaughtUp, giveUp };
    void ended.then(() => period === begun && relay.start());
    return begun;
  };

  const end = () => {
    cancelSweep();
    const last = period;
    period = undefined;
    last?.giveUp(new Error("The log is no longer followed."));
    if (last !== undefined) ended = ended.then(() => last.relay.stop());
    hub.rest();
    return ended;
  };

  const sweep = () => {
    const nowMs = clock.now();
    if (hub.size().streams > 0) usedAtMs = nowMs;
    if (nowMs - usedAtMs >= idleMs) void end();
    else cancelSweep = clock.after(sweepMs, sweep);
  };

  return {
    start: () => {
      if (isAllowed) return;
      isAllowed = true;
      hub.rest();
    },
    ready: async () => {
      if (!isAllowed) throw new Error("The follower is stopped. Call `start` before streams open.");
      usedAtMs = clock.now();
      if (period === undefined) {
        period = begin();
        cancelSweep = clock.after(sweepMs, sweep);
      }
      await within(clock, readyMs, "The signal log", period.isCaughtUp);
      // The stream opens next. Until then the period must not end.
      usedAtMs = clock.now();
    },
    stop: async () => {
      isAllowed = false;
      await end();
    },
    wake: () => period?.relay.wake(),
    health: () => period?.relay.health() ?? (isAllowed ? resting : stoppedHealth),
  };
}

const resting: RelayHealth = { ...stoppedHealth, state: "resting" };
