import type { Clock } from "../../protocol/clock.ts";
import type { Delivery } from "../ports.ts";

/** Delays after the last frame of a channel and after its first repeat. Together below 30 s with some delay. */
export const delaysMs = [10_000, 15_000];
/** Maximum number of channels with a repeat due. Beyond it the oldest repeats are dropped. */
const capacity = 10_000;

/**
 * Sends the last frame of each quiet channel twice more: no later frame would reveal its loss. A repeat is the
 * same frame with the same id, so clients that have received it ignore it.
 */
export interface TailRepeats {
  /** Schedules repeats of these frames and cancels those of earlier frames on their channels. */
  sent(frames: readonly Delivery[]): void;
  /** Returns at most `limit` frames to repeat now. They stay due until {@link TailRepeats.repeated}. */
  due(limit: number): readonly Delivery[];
  /** Records that these frames were repeated. */
  repeated(frames: readonly Delivery[]): void;
}

interface Waiting {
  readonly frame: Delivery;
  readonly dueMs: number;
}

export function createTailRepeats(clock: Clock): TailRepeats {
  /** One queue for each round, keyed by wire name: the last frame of an old epoch repeats under its old name. */
  const rounds = delaysMs.map((delayMs) => ({ delayMs, queue: new Map<string, Waiting>() }));

  const wait = (round: number, frame: Delivery) => {
    const into = rounds[round];
    if (into === undefined) return;
    const { delayMs, queue } = into;
    queue.set(wireKey(frame), { frame, dueMs: clock.now() + delayMs });
    const [oldest] = queue.keys();
    if (queue.size > capacity && oldest !== undefined) queue.delete(oldest);
  };
  /** @returns the round the frame was queued for, or -1 */
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
    repeated: (frames) => {
      for (const frame of frames) wait(forget(frame) + 1, frame);
    },
  };
}

const wireKey = ({ channel, accessEpoch }: Delivery) => `${channel} ${accessEpoch}`;
