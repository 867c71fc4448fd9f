import { boundedRoute } from "@/lib/bounded-route.ts";
import { correlated } from "@/lib/correlated.ts";
import { webhookHandler } from "@/wiring/webhooks.ts";

/** What the broker tells of channels, for admins; see docs/operations.md. */
export const POST = boundedRoute((request) => correlated(() => webhookHandler()(request)));
