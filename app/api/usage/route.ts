import { correlated } from "@/lib/correlated.ts";
import { usageHandler } from "@/wiring/usage.ts";

/** What browsers count, for the metrics. */
export function POST(request: Request): Promise<Response> {
  return correlated(() => usageHandler()(request));
}
