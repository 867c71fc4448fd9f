import type { ReplayedMessage } from "../../protocol/ephemeral/message.ts";
import type { EphemeralOptions } from "../../protocol/ephemeral/options.ts";

interface Kept {
  readonly data: string;
  readonly sentAtMs: number;
}

/** The last messages of one channel in this process. */
export interface MessageRing {
  add(data: string): void;
  /** The messages for a new subscriber, oldest first. */
  replay(): readonly ReplayedMessage[];
  /** Whether all messages have expired. */
  isExpired(): boolean;
}

/** @param now monotonic, in ms */
export function createMessageRing(
  { bufferSize, messageTTL, maxAge, lastN }: EphemeralOptions,
  now: () => number,
): MessageRing {
  let kept: readonly Kept[] = [];
  let lastMs = now();
  return {
    add: (data) => {
      lastMs = now();
      kept = [...kept, { data, sentAtMs: lastMs }].slice(-bufferSize);
    },
    replay: () => {
      if (lastN === 0) return [];
      const nowMs = now();
      return kept
        .map(({ data, sentAtMs }) => ({ data, ageMs: nowMs - sentAtMs }))
        .filter(({ ageMs }) => ageMs < Math.min(messageTTL, maxAge))
        .slice(-lastN);
    },
    isExpired: () => now() - lastMs >= messageTTL,
  };
}
