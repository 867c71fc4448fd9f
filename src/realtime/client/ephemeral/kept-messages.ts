import type { MessageFrame } from "../../protocol/ephemeral/message.ts";
import type { EphemeralOptions } from "../../protocol/ephemeral/options.ts";

/** The messages of one ephemeral channel that arrived on this page. */
export interface KeptMessages {
  /**
   * Records a message. Returns how long it is valid in ms, or undefined if it is too old, or not younger than the
   * last one of its sender: replays and live delivery overlap on purpose.
   */
  add(message: MessageFrame, ageMs: number): number | undefined;
  /** Calls back with each message that the options replay to a new subscriber, and how long it is valid. */
  replay(call: (message: MessageFrame, leftMs: number) => void): void;
}

export function createKeptMessages(
  { lastN, maxAge, messageTTL }: EphemeralOptions,
  now: () => number,
): KeptMessages {
  const lastOf = new Map<string, number>();
  let kept: { readonly message: MessageFrame; readonly sentAtMs: number }[] = [];
  return {
    add: (message, ageMs) => {
      if (message.n <= (lastOf.get(message.from) ?? 0)) return undefined;
      lastOf.set(message.from, message.n);
      const leftMs = messageTTL - ageMs;
      if (leftMs <= 0) return undefined;
      kept = lastN === 0 ? [] : [...kept, { message, sentAtMs: now() - ageMs }].slice(-lastN);
      return leftMs;
    },
    replay: (call) => {
      for (const { message, sentAtMs } of kept) {
        const ageMs = now() - sentAtMs;
        if (ageMs < Math.min(messageTTL, maxAge)) call(message, messageTTL - ageMs);
      }
    },
  };
}
