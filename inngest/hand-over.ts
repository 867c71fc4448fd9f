import type { WakeSignal } from "@/lib/wake-signal.ts";

/** A job request, written in the transaction that caused it. */
export interface JobRequest {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

export interface HandOverOptions {
  /**
   * Passes the pending requests to `send` and marks them as sent once it has resolved. Resolves to their
   * number.
   */
  readonly take: (send: (requests: readonly JobRequest[]) => Promise<void>) => Promise<number>;
  readonly send: (requests: readonly JobRequest[]) => Promise<void>;
  readonly wakeSignal: WakeSignal;
  readonly onError: (error: unknown, retryInMs: number) => void;
  /** Poll interval, for requests of other processes: the wake signal covers this one only. Default 5,000. */
  readonly pollMs?: number;
  readonly random?: () => number;
}

const firstRetryMs = 500;
const longestRetryMs = 10_000;

/**
 * Sends job requests from the outbox to the job runner until `stop()`. A request stays in the outbox until
 * the runner has accepted it, so none is lost while the runner is down. The runner deduplicates by id.
 */
export function startHandOver(options: HandOverOptions): { stop(): Promise<void> } {
  const { take, send, wakeSignal, onError, pollMs = 5_000, random = Math.random } = options;
  const stopping = new AbortController();

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let waitMs = pollMs;
      try {
        const taken = await take(send);
        failures = 0;
        if (taken > 0) continue;
      } catch (error) {
        failures += 1;
        waitMs = random() * Math.min(longestRetryMs, firstRetryMs * 2 ** failures);
        onError(error, waitMs);
      }
      await wakeSignal.wait(waitMs, stopping.signal);
    }
  }

  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
