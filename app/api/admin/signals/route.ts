import { listSignals } from "@/features/admin/signals/list-signals.ts";
import { listSignalsInput } from "@/features/admin/signals/schema.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = listSignalsInput.parse(params);
    return (ctx) => listSignals(ctx, input);
  });
}
