import type { Clock, Delivery } from "./ports.ts";

/** After the last frame of a channel, and after its first echo. Together below 30 s, a late turn included. */
export const delaysMs = [10_000, 15_000];
/** Channels in waiting. Beyond it the longest waiting go without. */
const capacity = 10_000;

/**
 * Says the last frame of each channel twice more when the channel has become quiet: nothing comes after
 * it that could reveal its loss. An echo is the frame itself: whoever knows it ignores it by its id, and
 * for whoever lost it, it is the signal, late.
 */
export interface Echoes {
  /** These frames were sent; earlier ones on their channels need no echo any more. */
  sent(frames: readonly Delivery[]): void;
  /** Echoes to send now, at most so many. They stay due until {@link Echoes.echoed}. */
  due(limit: number): readonly Delivery[];
  echoed(frames: readonly Delivery[]): void;
}

interface Waiting {
  readonly frame: Delivery;
  readonly dueMs: number;
}

export function createEchoes(clock: Clock): Echoes {
  /** One queue for each round, by wire name: what an old name heard last is said on the old name. */
  const rounds = delaysMs.map((delayMs) => ({ delayMs, queue: new Map<string, Waiting>() }));

  const wait = (round: number, frame: Delivery) => {
    const into = rounds[round];
    if (into === undefined) return;
    const { delayMs, queue } = into;
    queue.set(wireKey(frame), { frame, dueMs: clock.now() + delayMs });
    const [oldest] = queue.keys();
    if (queue.size > capacity && oldest !== undefined) queue.delete(oldest);
  };
  /** @returns the round it waited for, or -1 */
  const forget = (frame: Delivery) => rounds.findIndex(({ queue }) => queue.delete(wireKey(frame)));

  return {
    sent: (frames) => {
      for (const frame of frames) {
        forget(frame);
        wait(0, frame);
      }
    },
    due: (limit) => {
      const due: Delivery[] = [];
      for (const { queue } of rounds) {
        for (const { frame, dueMs } of queue.values()) {
          if (due.length >= limit || dueMs > clock.now()) break;
          due.push(frame);
        }
      }
      return due;
    },
    echoed: (frames) => {
      for (const frame of frames) wait(forget(frame) + 1, frame);
    },
  };
}

const wireKey = ({ channel, accessEpoch }: Delivery) => `${channel} ${accessEpoch}`;
