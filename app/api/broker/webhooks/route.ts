import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { correlated } from "@/lib/http/correlated.ts";
import { webhookHandler } from "@/wiring/realtime/broker/webhooks.ts";

/** Receives the broker's webhooks about channels; see docs/operations.md. */
export const POST = boundedRoute((request) => correlated(() => webhookHandler()(request)));
