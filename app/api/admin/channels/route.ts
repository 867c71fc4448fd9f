import { describeRollout } from "@/features/rollout/describe-rollout.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { inventory } from "@/wiring/inventory.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(
    request,
    () => (operator) => readAsViewer((ctx) => describeRollout(ctx, operator, inventory)),
  );
}
