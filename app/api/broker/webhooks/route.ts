import { boundedRoute } from "@/lib/bounded-route.ts";
import { correlated } from "@/lib/correlated.ts";
import { webhookHandler } from "@/wiring/webhooks.ts";

/** Receives the broker's webhooks about channels; see docs/operations.md. */
export const POST = boundedRoute((request) => correlated(() => webhookHandler()(request)));
