import { traceInput } from "@/features/admin/signals/schema.ts";
import { traceSignal } from "@/features/admin/signals/trace-signal.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = traceInput.parse(params);
    return (ctx) => traceSignal(ctx, input);
  });
}
