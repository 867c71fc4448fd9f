import { readState } from "@/features/signal-log/read-state.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, () => readState);
}
