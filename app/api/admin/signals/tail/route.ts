import { tailSignalsInput } from "@/features/signal-log/schema.ts";
import { tailSignals } from "@/features/signal-log/tail-signals.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = tailSignalsInput.parse(params);
    return (ctx) => tailSignals(ctx, input);
  });
}
