import type { Bell } from "@/lib/bell.ts";

/** A job request, written in the transaction that made it necessary. */
export interface JobRequest {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

export interface HandOverOptions {
  /**
   * Passes the requests that are not sent yet to `send` and marks them as sent when it resolves. Resolves
   * to their number.
   */
  readonly take: (send: (requests: readonly JobRequest[]) => Promise<void>) => Promise<number>;
  readonly send: (requests: readonly JobRequest[]) => Promise<void>;
  readonly bell: Bell;
  readonly onError: (error: unknown, retryInMs: number) => void;
  /** Polling interval besides the wake signal, which works within this process only. Default 5,000. */
  readonly pollMs?: number;
  readonly random?: () => number;
}

const firstRetryMs = 500;
const longestRetryMs = 10_000;

/**
 * Sends stored job requests to the job runner until `stop()`. A request stays in the database until the
 * runner has accepted it, so an outage of the runner loses nothing. The runner deduplicates by id.
 */
export function startHandOver(options: HandOverOptions): { stop(): Promise<void> } {
  const { take, send, bell, onError, pollMs = 5_000, random = Math.random } = options;
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
      await bell.wait(waitMs, stopping.signal);
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
