import { type JobEvent, type JobFunction, type StepState, stepsSchema } from "./protocol.ts";
import { signBody } from "./signing.ts";

export interface Call {
  /** Signs the request. Null: the application runs in dev mode and accepts unsigned requests. */
  readonly signingKey: string | null;
  readonly job: JobFunction;
  readonly event: JobEvent;
  readonly runId: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly steps: Readonly<Record<string, StepState>>;
}

/** `step`: the function has run one step, and continues when it is called with the result. */
export type Reply =
  | { readonly kind: "done" }
  | { readonly kind: "step"; readonly id: string; readonly state: StepState }
  | { readonly kind: "failed"; readonly error: unknown; readonly mayRetry: boolean };

/**
 * Calls a function up to the end of its next step, by the Inngest protocol. Null when the application cannot
 * be reached.
 *
 * @throws on a response that violates the protocol, or that asks for more than `step.run`; the abort reason
 * when stopped.
 */
export async function call(request: Call, signal: AbortSignal): Promise<Reply | null> {
  const { signingKey, job, event, runId, attempt, maxAttempts, steps } = request;
  const stack = Object.keys(steps);
  // No fn_id: with one, the SDK would send checkpoints to an Inngest server.
  const body = JSON.stringify({
    version: 1,
    event,
    events: [event],
    steps,
    ctx: {
      run_id: runId,
      attempt,
      max_attempts: maxAttempts,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack, current: stack.length },
    },
  });
  const headers = {
    "content-type": "application/json",
    ...(signingKey !== null && { "x-inngest-signature": signBody(body, signingKey) }),
  };
  const url = job.steps.step.runtime.url;
  const response = await reach(url, { method: "POST", headers, body, signal });
  if (!response?.headers.has("x-inngest-sdk")) return null; // unreachable, or a proxy's response
  const answer: unknown = await response.json();
  const mayRetry = response.headers.get("x-inngest-no-retry") !== "true";
  if (response.status === 200) return { kind: "done" };
  if (response.status !== 206) return { kind: "failed", error: answer, mayRetry };

  const [step, another] = stepsSchema.parse(answer);
  switch (another ? "several steps at once" : step.op) {
    case "StepRun":
      return { kind: "step", id: step.id, state: { type: "data", data: step.data } };
    case "StepFailed":
      return { kind: "step", id: step.id, state: { type: "error", error: step.error } };
    case "StepError":
      return { kind: "failed", error: step.error, mayRetry };
    default:
      throw new Error(
        `The job runner supports step.run only. "${step.displayName ?? step.id}" needs an Inngest server.`,
      );
  }
}

async function reach(
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response | null> {
  try {
    return await fetch(url, init);
  } catch {
    init.signal.throwIfAborted();
    return null;
  }
}
