import { tailSignalsInput } from "@/features/admin/signals/schema.ts";
import { tailSignals } from "@/features/admin/signals/tail-signals.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = tailSignalsInput.parse(params);
    return (ctx) => tailSignals(ctx, input);
  });
}
