import { boundedRoute } from "@/lib/bounded-route.ts";
import { correlated } from "@/lib/correlated.ts";
import { usageHandler } from "@/wiring/usage.ts";

/** What browsers count, for the metrics. */
export const POST = boundedRoute((request) => correlated(() => usageHandler()(request)));
