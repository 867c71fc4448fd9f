import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { correlated } from "@/lib/http/correlated.ts";
import { usageHandler } from "@/wiring/metrics/usage.ts";

/** Receives the counts of browsers for the metrics. */
export const POST = boundedRoute((request) => correlated(() => usageHandler()(request)));
