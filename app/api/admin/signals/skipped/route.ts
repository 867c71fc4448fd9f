import { listSkipped } from "@/features/admin/signals/list-skipped.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, () => listSkipped);
}
