import { describeRollout } from "@/features/admin/channels/describe-rollout.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(
    request,
    () => (operator) => readAsViewer((ctx) => describeRollout(ctx, operator)),
  );
}
