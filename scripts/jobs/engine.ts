import { randomUUID } from "node:crypto";
import { Cron } from "croner";
import { eventsSchema, type JobEvent, type JobFunction, registrationSchema } from "./protocol.ts";
import { createRecentIds } from "./recent-ids.ts";
import { Refusal } from "./refusal.ts";
import { runJob } from "./run.ts";
import { registrationToken } from "./signing.ts";

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
  let functions: readonly JobFunction[] = [];
  let schedules: readonly Cron[] = [];

  return {
    get functionCount() {
      return functions.length;
    },

    /**
     * Replaces the registered functions and their schedules.
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
      const timers = registration.functions.flatMap((job) =>
        job.triggers.flatMap((trigger) =>
          "cron" in trigger
            ? // UTC is Inngest's default zone. A schedule that cannot be parsed throws here.
              [{ job, cron: trigger.cron, timer: new Cron(trigger.cron, { timezone: "UTC" }) }]
            : [],
        ),
      );
      unschedule();
      functions = registration.functions;
      schedules = timers.map(({ job, cron, timer }) =>
        timer.schedule(() => startScheduled(job, cron)),
      );
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

    /** Resolves when no function is running. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },

    /** Starts nothing on a schedule any more. */
    unschedule,

    /** Aborts running functions. */
    async stop(): Promise<void> {
      unschedule();
      stopping.abort();
      await Promise.all(running);
    },
  };

  function unschedule(): void {
    for (const schedule of schedules) schedule.stop();
    schedules = [];
  }

  function dispatch(event: JobEvent): void {
    for (const job of functions) {
      const meant = job.triggers.some(
        (trigger) => "event" in trigger && trigger.event === event.name,
      );
      if (meant) start(job, event);
    }
  }

  function startScheduled(job: JobFunction, cron: string): void {
    const event = { id: randomUUID(), name: "inngest/scheduled.timer", data: { cron } };
    start(job, { ...event, ts: Date.now() });
  }

  function start(job: JobFunction, event: JobEvent): void {
    const { signal } = stopping;
    const run = runJob({ job, event, runId: randomUUID(), signal, signingKey, backoffMs })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        say(`Jobs: ${job.id} failed for ${event.name} (${event.id}): ${messageOf(error)}`);
      })
      .finally(() => running.delete(run));
    running.add(run);
  }
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(error);
}
