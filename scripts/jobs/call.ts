import {
  type JobEvent,
  type JobFunction,
  type Operation,
  operationsSchema,
  type StepState,
} from "./protocol.ts";
import { signBody } from "./signing.ts";

export interface Call {
  /** Signs the request. Null: the application runs in dev mode and accepts unsigned requests. */
  readonly signingKey: string | null;
  readonly job: JobFunction;
  readonly event: JobEvent;
  readonly runId: string;
  /** "step" continues the function up to its next steps. A step's id runs that step. */
  readonly stepId: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Ids of completed steps, in order. */
  readonly stack: readonly string[];
  /** True while other steps are running: the function then only plans steps. */
  readonly planOnly: boolean;
}

export type Reply =
  | { readonly kind: "done"; readonly output: unknown }
  | {
      readonly kind: "operations";
      readonly operations: readonly Operation[];
      readonly retry: Retry;
    }
  | { readonly kind: "failed"; readonly error: unknown; readonly retry: Retry };

export interface Retry {
  readonly allowed: boolean;
  /** The Retry-After header: seconds or a date. */
  readonly after: string | null;
}

/**
 * Sends one request of the Inngest protocol to the application. Null when it cannot be reached.
 *
 * @throws on a response that violates the protocol; the abort reason when stopped.
 */
export async function call(request: Call, signal: AbortSignal): Promise<Reply | null> {
  const { job, event, runId, stepId, attempt, maxAttempts, steps, stack, planOnly } = request;
  const { signingKey } = request;
  const url = new URL(job.steps.step.runtime.url);
  url.searchParams.set("stepId", stepId);
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
      disable_immediate_execution: planOnly,
      use_api: false,
      stack: { stack, current: stack.length },
    },
  });
  const headers = {
    "content-type": "application/json",
    ...(signingKey !== null && { "x-inngest-signature": signBody(body, signingKey) }),
  };
  const response = await reach(url, { method: "POST", headers, body, signal });
  if (!response?.headers.has("x-inngest-sdk")) return null; // unreachable, or a proxy's response
  const answer: unknown = await response.json();
  const retry: Retry = {
    allowed: response.headers.get("x-inngest-no-retry") !== "true",
    after: response.headers.get("retry-after"),
  };
  if (response.status === 200) return { kind: "done", output: answer };
  if (response.status === 206) {
    return { kind: "operations", operations: operationsSchema.parse(answer), retry };
  }
  return { kind: "failed", error: answer, retry };
}

async function reach(
  url: URL,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response | null> {
  try {
    return await fetch(url, init);
  } catch {
    init.signal.throwIfAborted();
    return null;
  }
}
