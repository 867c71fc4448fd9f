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
  /** Signs requests to the application, and is what a registration has to prove. Null: neither. */
  readonly signingKey: string | null;
  readonly say: (line: string) => void;
  readonly backoffMs: (failures: number) => number;
}

/** Knows the functions, starts them for events and by the clock, and waits for them to end. */
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
     * The body of the SDK's registration; replaces what was registered before.
     *
     * @param authorization The header of that name.
     */
    register(body: unknown, authorization?: string) {
      if (signingKey !== null && authorization !== `Bearer ${registrationToken(signingKey)}`) {
        throw new Refusal(401, "The application has to register with the signing key.");
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

    /** The body of `send()`. An id that was here within a day is answered, and starts nothing. */
    take(body: unknown) {
      // An event nobody could act on would be lost; the sender keeps it and comes again.
      if (functions.length === 0) throw new Refusal(503, "The application has not registered yet.");
      const events = eventsSchema.parse(body).map((sent) => ({
        ...sent,
        id: sent.id || randomUUID(),
        ts: sent.ts ?? Date.now(),
      }));
      for (const event of events) if (recent.add(event.id)) dispatch(event);
      return { ids: events.map((event) => event.id), status: 200 };
    },

    /** Starts what is due in the minute of `moment`. Call once a minute. */
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
    waiters.hear(event);
    for (const job of functions) {
      const meant = job.triggers.some((trigger) => "event" in trigger && isMeant(trigger, event));
      if (meant) start(job, event);
    }
  }

  function isMeant(trigger: { event: string; expression?: string }, event: JobEvent): boolean {
    if (trigger.event !== event.name) return false;
    if (trigger.expression === undefined) return true;
    // The one condition the SDK writes itself: which function's failure an onFailure is for.
    const failed = /^event\.data\.function_id == '([^']+)'$/.exec(trigger.expression)?.[1];
    if (failed !== undefined) {
      return (event.data as { function_id?: unknown } | null)?.function_id === failed;
    }
    say(
      `Jobs: the condition ${trigger.expression} needs an Inngest server; ${event.name} is skipped`,
    );
    return false;
  }

  function start(job: JobFunction, event: JobEvent): void {
    const runId = randomUUID();
    const { signal } = stopping;
    const onEnd = () => undefined;
    const onFailure = (error: unknown) => {
      if (signal.aborted) return;
      say(`Jobs: ${job.id} failed for ${event.name} (${event.id}): ${inWords(error)}`);
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

function inWords(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(error);
}
