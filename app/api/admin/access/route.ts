import { explain, findAsked } from "@/features/admin/access/explain.ts";
import { explainInput } from "@/features/admin/access/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = explainInput.parse(params);
    return async (ctx) => explain(ctx, await readAsViewer((read) => findAsked(read, input)), input);
  });
}
