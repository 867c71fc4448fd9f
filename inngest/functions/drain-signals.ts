import { drainSignals as drain } from "@/wiring/drain-signals.ts";
import { inngest } from "../client.ts";

/**
 * Stands in for the relay where no process lives long enough for one. Outside of a step: what a run
 * relays is never relayed again, so there is nothing to remember, and the next minute tries again.
 */
export const drainSignals = inngest.createFunction(
  { id: "drain-signals", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => drain(),
);
