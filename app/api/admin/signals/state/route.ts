import { readState } from "@/features/admin/signals/read-state.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, () => readState);
}
