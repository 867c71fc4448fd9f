import { setTimeout as pause } from "node:timers/promises";
import { type Call, call, type Reply, type Retry } from "./call.ts";
import { untilMs } from "./duration.ts";
import type { JobEvent, JobFunction, Operation, StepState } from "./protocol.ts";

export interface RunOptions {
  /** As in `Call`. */
  readonly signingKey: string | null;
  readonly job: JobFunction;
  readonly event: JobEvent;
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Delay before the next attempt after `failures` failures. */
  readonly backoffMs: (failures: number) => number;
  /** Resolves with the next event of that name, or null after the timeout. */
  readonly waitForEvent: (name: string, timeoutMs: number) => Promise<JobEvent | null>;
}

const DEFAULT_RETRIES = 3;

/**
 * Runs a function to its end: calls it, executes the steps it requests, and calls it again with the results.
 *
 * @returns the function's result.
 * @throws the error of its last attempt; the abort reason when stopped.
 */
export async function runJob(options: RunOptions): Promise<unknown> {
  const { job, event, runId, signal, backoffMs, waitForEvent, signingKey } = options;
  const maxAttempts = 1 + (job.steps.step.retries?.attempts ?? DEFAULT_RETRIES);
  const steps: Record<string, StepState> = {};
  const stack: string[] = [];
  const running = new Map<string, Promise<void>>();
  let failures = 0;

  while (true) {
    const reply = await request("step", failures, running.size > 0);
    if (reply.kind === "done") return reply.output;
    if (reply.kind === "failed") {
      failures += 1;
      if (!reply.retry.allowed || failures >= maxAttempts) throw reply.error;
      await waitBefore(failures, reply.retry);
      continue;
    }
    failures = 0;
    for (const operation of reply.operations) begin(operation, reply.retry);
    if (running.size > 0 && !reply.operations.some(({ id }) => id in steps)) {
      await Promise.race(running.values());
    }
  }

  function begin(operation: Operation, retry: Retry): void {
    const { id, op, data, error, name = "", displayName = id } = operation;
    if (id in steps || running.has(id)) return;
    switch (op) {
      case "StepRun":
        complete(id, { type: "data", data });
        break;
      case "StepFailed":
        complete(id, { type: "error", error });
        break;
      case "StepError":
        track(id, runStep(id, { error, retry }));
        break;
      case "StepPlanned":
        track(id, runStep(id));
        break;
      case "Sleep":
        track(id, nap(id, untilMs(name, Date.now())));
        break;
      case "WaitForEvent":
        track(id, wait(operation));
        break;
      default:
        throw new Error(`${op} (step "${displayName}") needs an Inngest server.`);
    }
  }

  function track(id: string, work: Promise<void>): void {
    running.set(
      id,
      work.finally(() => running.delete(id)),
    );
  }

  async function nap(id: string, ms: number): Promise<void> {
    await sleep(ms);
    complete(id, { type: "data", data: null });
  }

  async function runStep(id: string, first?: { error: unknown; retry: Retry }): Promise<void> {
    let failed = first;
    for (let attempt = first ? 1 : 0; ; attempt += 1) {
      if (failed && (!failed.retry.allowed || attempt >= maxAttempts)) {
        return complete(id, { type: "error", error: failed.error });
      }
      if (failed) await waitBefore(attempt, failed.retry);
      const reply = await request(id, attempt, false);
      if (reply.kind === "done") throw new Error("The function ended when a step was requested.");
      if (reply.kind === "failed") {
        failed = reply;
        continue;
      }
      const own = reply.operations.find((each) => each.id === id);
      if (own?.op === "StepRun") return complete(id, { type: "data", data: own.data });
      const retry = own?.op === "StepFailed" ? { ...reply.retry, allowed: false } : reply.retry;
      failed = { error: own?.error, retry };
    }
  }

  async function wait({ id, name = "", opts, displayName }: Operation): Promise<void> {
    if (opts?.if) throw new Error(`The condition of "${displayName}" needs an Inngest server.`);
    const timeoutMs = untilMs(String(opts?.timeout), Date.now());
    complete(id, { type: "data", data: await waitForEvent(name, timeoutMs) });
  }

  function complete(id: string, state: StepState): void {
    steps[id] = state;
    stack.push(id);
  }

  /** Repeats the request while the application is unreachable. This does not count as a failed attempt. */
  async function request(stepId: string, attempt: number, planOnly: boolean): Promise<Reply> {
    const body: Call = {
      signingKey,
      job,
      event,
      runId,
      stepId,
      attempt,
      maxAttempts,
      steps,
      stack,
      planOnly,
    };
    for (let absences = 1; ; absences += 1) {
      const reply = await call(body, signal);
      if (reply) return reply;
      await sleep(backoffMs(absences));
    }
  }

  function waitBefore(failed: number, { after }: Retry): Promise<void> {
    if (after === null) return sleep(backoffMs(failed));
    const seconds = Number(after);
    return sleep(Number.isNaN(seconds) ? untilMs(after, Date.now()) : seconds * 1000);
  }

  function sleep(ms: number): Promise<void> {
    return pause(ms, undefined, { signal });
  }
}
