import { correlated } from "@/lib/correlated.ts";
import { webhookHandler } from "@/wiring/webhooks.ts";

/** What the broker tells of channels, for admins; see docs/operations.md. */
export function POST(request: Request): Promise<Response> {
  return correlated(() => webhookHandler()(request));
}
