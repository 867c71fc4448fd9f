import { boundedRoute } from "@/lib/bounded-route.ts";
import { correlated } from "@/lib/correlated.ts";
import { usageHandler } from "@/wiring/usage.ts";

/** Receives the counts of browsers for the metrics. */
export const POST = boundedRoute((request) => correlated(() => usageHandler()(request)));
