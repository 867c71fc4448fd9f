import { setTimeout as pause } from "node:timers/promises";
import { call, type Reply } from "./call.ts";
import type { JobEvent, JobFunction, StepState } from "./protocol.ts";

export interface RunOptions {
  /** As in `Call`. */
  readonly signingKey: string | null;
  readonly job: JobFunction;
  readonly event: JobEvent;
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Delay before the next attempt after `failures` failures. */
  readonly backoffMs: (failures: number) => number;
}

const DEFAULT_RETRIES = 3;

/**
 * Runs a function to its end: calls it once per step with the results of the steps before. A step, and the
 * code between steps, is retried as often as the function is configured.
 *
 * @throws the error of the last attempt; the abort reason when stopped.
 */
export async function runJob(options: RunOptions): Promise<void> {
  const { job, signal, backoffMs } = options;
  const maxAttempts = 1 + (job.steps.step.retries?.attempts ?? DEFAULT_RETRIES);
  const steps: Record<string, StepState> = {};
  let failures = 0;

  while (true) {
    const reply = await reachable();
    if (reply.kind === "done") return;
    if (reply.kind === "step") {
      steps[reply.id] = reply.state;
      failures = 0;
      continue;
    }
    failures += 1;
    if (!reply.mayRetry || failures >= maxAttempts) throw reply.error;
    await sleep(backoffMs(failures));
  }

  /** Repeats the call while the application is unreachable. This does not count as a failed attempt. */
  async function reachable(): Promise<Reply> {
    for (let absences = 1; ; absences += 1) {
      const reply = await call({ ...options, attempt: failures, maxAttempts, steps }, signal);
      if (reply) return reply;
      await sleep(backoffMs(absences));
    }
  }

  function sleep(ms: number): Promise<void> {
    return pause(ms, undefined, { signal });
  }
}
