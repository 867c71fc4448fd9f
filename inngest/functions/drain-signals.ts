import { drainSignals as drain } from "@/wiring/drain-signals.ts";
import { inngest } from "../client.ts";

/**
 * Relays signals where no process lives long enough to run the relay. It does not use a step: relaying is
 * idempotent, and the next run retries.
 */
export const drainSignals = inngest.createFunction(
  { id: "drain-signals", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => drain(),
);
