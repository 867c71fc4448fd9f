import { traceInput } from "@/features/signal-log/schema.ts";
import { traceSignal } from "@/features/signal-log/trace-signal.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = traceInput.parse(params);
    return (ctx) => traceSignal(ctx, input);
  });
}
