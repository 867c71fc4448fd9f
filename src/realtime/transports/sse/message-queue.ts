import type { EphemeralOptions } from "../../protocol/ephemeral/options.ts";

/** A message for the subscribers of one wire name. */
export interface QueuedMessage {
  readonly wireName: string;
  readonly chunk: Uint8Array;
  /** By the clock of the hub. */
  readonly expiresAtMs: number;
  readonly options: Pick<EphemeralOptions, "bufferSize" | "onFull">;
}

/** The messages that a client which reads too slowly has not been sent, by wire name. */
export interface MessageQueue {
  /** Adds a message by the options of its kind. */
  add(message: QueuedMessage): void;
  /** Returns the oldest message that has not expired, and removes it. */
  take(nowMs: number): QueuedMessage | undefined;
  isEmpty(): boolean;
}

export function createMessageQueue(): MessageQueue {
  // Most streams never need one.
  let byWireName: Map<string, QueuedMessage[]> | undefined;
  return {
    add: (message) => {
      const { wireName, options } = message;
      byWireName ??= new Map();
      const queue = byWireName.get(wireName) ?? [];
      byWireName.set(wireName, queue);
      if (queue.length >= options.bufferSize) {
        if (options.onFull === "drop-newest") return;
        queue.shift();
      }
      queue.push(message);
    },
    take: (nowMs) => {
      for (const [wireName, queue] of byWireName ?? []) {
        const valid = queue.findIndex(({ expiresAtMs }) => expiresAtMs > nowMs);
        const [message] = valid < 0 ? [] : queue.splice(0, valid + 1).slice(-1);
        if (message === undefined || queue.length === 0) byWireName?.delete(wireName);
        if (message !== undefined) return message;
      }
      return undefined;
    },
    isEmpty: () => (byWireName?.size ?? 0) === 0,
  };
}
