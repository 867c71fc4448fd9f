import { listPoisoned } from "@/features/signal-log/list-poisoned.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, () => listPoisoned);
}
