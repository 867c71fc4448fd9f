import { listSignals } from "@/features/signal-log/list-signals.ts";
import { listSignalsInput } from "@/features/signal-log/schema.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = listSignalsInput.parse(params);
    return (ctx) => listSignals(ctx, input);
  });
}
