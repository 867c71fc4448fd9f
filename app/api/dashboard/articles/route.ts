import { listOwnArticles } from "@/features/dashboard/list-own-articles.ts";
import { dashboardView } from "@/features/dashboard/schema.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const view = dashboardView.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listOwnArticles(ctx, view));
  });
}
