import { listPoisoned } from "@/features/admin/signals/list-poisoned.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, () => listPoisoned);
}
