import type { Timers } from "../../protocol/clock.ts";

/** Silence after which the broker is pinged: with the pong's limit, a frozen broker is detected within 15 s. */
export const activityTimeoutMs = 10_000;
const pongTimeoutMs = 4_000;

export interface LivenessOptions {
  readonly timers: Timers;
  /** Time in ms without messages after which the broker is pinged. */
  allowedMs(): number;
  sendPing(): void;
  /** Called when the broker did not answer in time. */
  onSilence(message: string): void;
}

/** Detects a broker that no longer answers, by pings after a time without messages. */
export interface Liveness {
  /** A message arrived. Restarts the timer of the next ping. */
  received(): void;
  pong(): void;
  /** Pings now and calls back on the answer. */
  ping(answered: () => void): void;
  /** Pings now and expects any message in time. */
  check(): void;
}

export function createLiveness(options: LivenessOptions): Liveness {
  const { timers, allowedMs, sendPing, onSilence } = options;
  const waiting: (() => void)[] = [];
  let cancel = () => {};
  const check = () => {
    sendPing();
    cancel = timers.after(pongTimeoutMs, () =>
      onSilence(`The broker did not answer within ${pongTimeoutMs / 1000} s.`),
    );
  };
  return {
    check,
    received: () => {
      cancel();
      cancel = timers.after(allowedMs(), check);
    },
    pong: () => {
      for (const answered of waiting.splice(0)) answered();
    },
    ping: (answered) => {
      waiting.push(answered);
      sendPing();
    },
  };
}

/**
 * Whether a close code means that the next attempt will be refused too: 4000 to 4099 in the Pusher protocol. After the
 * handshake it does not, since brokers use these codes to close the sockets of a user whose rights have changed.
 */
export function isRefusal(code: number, isConnected: boolean): boolean {
  return !isConnected && code >= 4000 && code < 4100;
}
