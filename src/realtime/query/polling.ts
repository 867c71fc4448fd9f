import type { Timers } from "../client/clock.ts";
import type { RealtimeClient } from "../client/realtime-client.ts";

/** How often bound queries are read while live delivery is down, ± half. */
const pollMs = 30_000;

export interface PollingOptions {
  readonly client: RealtimeClient;
  readonly timers: Timers;
  readonly random: () => number;
  poll(): void;
}

/**
 * Polls for as long as the client is degraded, each time at a random moment: everybody's delivery may be
 * down. A short interruption costs nothing. Hands back what stops it.
 */
export function startPolling({ client, timers, random, poll }: PollingOptions): () => void {
  let cancel: (() => void) | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  const update = () => {
    if (client.getState().status !== "degraded") return stop();
    cancel ??= timers.after(pollMs * (0.5 + random()), () => {
      cancel = undefined;
      poll();
      update();
    });
  };
  const stopListening = client.onStateChange(update);
  update();
  return () => {
    stopListening();
    stop();
  };
}
