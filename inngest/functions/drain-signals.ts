import { drainSignals as drain } from "@/wiring/realtime/relay/drain-signals.ts";
import { inngest } from "../client.ts";

/**
 * Replaces the relay on platforms without long-lived processes. Does not use a step: no result needs to be
 * stored, and the next run continues where a failed one stopped.
 */
export const drainSignals = inngest.createFunction(
  { id: "drain-signals", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => drain(),
);
