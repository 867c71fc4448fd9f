import { randomUUID } from "node:crypto";
import { parseCron } from "./cron.ts";
import { eventsSchema, type JobEvent, type JobFunction, registrationSchema } from "./protocol.ts";
import { createRecentIds } from "./recent-ids.ts";
import { Refusal } from "./refusal.ts";
import { runJob } from "./run.ts";
import { registrationToken } from "./signing.ts";
import { createWaiters } from "./waiters.ts";

export interface EngineOptions {
  /** Only an application of this origin may register. */
  readonly appUrl: string;
  /** Signs requests to the application and verifies its registration. Null: neither. */
  readonly signingKey: string | null;
  readonly say: (line: string) => void;
  readonly backoffMs: (failures: number) => number;
}

/** Keeps the registered functions and starts them on events and schedules. */
export function createEngine({ appUrl, signingKey, say, backoffMs }: EngineOptions) {
  const stopping = new AbortController();
  const recent = createRecentIds();
  const running = new Set<Promise<void>>();
  const waiters = createWaiters(stopping.signal);
  let functions: readonly JobFunction[] = [];

  return {
    get functionCount() {
      return functions.length;
    },

    /**
     * Replaces the registered functions.
     *
     * @param body The body of the SDK's registration request.
     * @param authorization Its Authorization header.
     */
    register(body: unknown, authorization?: string) {
      if (signingKey !== null && authorization !== `Bearer ${registrationToken(signingKey)}`) {
        throw new Refusal(401, "The registration is not signed with the signing key.");
      }
      const registration = registrationSchema.parse(body);
      if (new URL(registration.url).origin !== new URL(appUrl).origin) {
        throw new Refusal(403, `Only the application at ${appUrl} may register.`);
      }
      for (const { triggers } of registration.functions) {
        for (const trigger of triggers) if ("cron" in trigger) parseCron(trigger.cron);
      }
      functions = registration.functions;
      return { ok: true, status: 200, modified: true };
    },

    /** Accepts the body of `send()`. An event id seen within 24 hours starts no function. */
    take(body: unknown) {
      // Without functions the event would be lost. The sender keeps it and retries.
      if (functions.length === 0) throw new Refusal(503, "The application has not registered yet.");
      const events = eventsSchema.parse(body).map((sent) => ({
        ...sent,
        id: sent.id || randomUUID(),
        ts: sent.ts ?? Date.now(),
      }));
      for (const event of events) if (recent.add(event.id)) dispatch(event);
      return { ids: events.map((event) => event.id), status: 200 };
    },

    /** Starts the functions that are scheduled in the minute of `moment`. Call once a minute. */
    tick(moment: Date): void {
      for (const job of functions) {
        for (const trigger of job.triggers) {
          if (!("cron" in trigger && parseCron(trigger.cron)(moment))) continue;
          const data = { cron: trigger.cron };
          start(job, { id: randomUUID(), name: "inngest/scheduled.timer", data, ts: +moment });
        }
      }
    },

    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },

    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(running);
    },
  };

  function dispatch(event: JobEvent): void {
    waiters.dispatch(event);
    for (const job of functions) {
      const meant = job.triggers.some((trigger) => "event" in trigger && isMeant(trigger, event));
      if (meant) start(job, event);
    }
  }

  function isMeant(trigger: { event: string; expression?: string }, event: JobEvent): boolean {
    if (trigger.event !== event.name) return false;
    if (trigger.expression === undefined) return true;
    // The only condition that the SDK generates: it selects the function of an onFailure handler.
    const failed = /^event\.data\.function_id == '([^']+)'$/.exec(trigger.expression)?.[1];
    if (failed !== undefined) {
      return (event.data as { function_id?: unknown } | null)?.function_id === failed;
    }
    say(`Jobs: skipped ${event.name}: the condition ${trigger.expression} needs an Inngest server`);
    return false;
  }

  function start(job: JobFunction, event: JobEvent): void {
    const runId = randomUUID();
    const { signal } = stopping;
    const onEnd = () => undefined;
    const onFailure = (error: unknown) => {
      if (signal.aborted) return;
      say(`Jobs: ${job.id} failed for ${event.name} (${event.id}): ${messageOf(error)}`);
      const data = { function_id: job.id, run_id: runId, error, event };
      dispatch({ id: randomUUID(), name: "inngest/function.failed", data, ts: Date.now() });
    };
    const run = runJob({
      job,
      event,
      runId,
      signal,
      signingKey,
      backoffMs,
      waitForEvent: waiters.wait,
    })
      .then(onEnd, onFailure)
      .finally(() => running.delete(run));
    running.add(run);
  }
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(error);
}
