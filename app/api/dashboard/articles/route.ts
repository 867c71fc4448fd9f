import { listOwnArticles } from "@/features/dashboard/list-own-articles.ts";
import { dashboardView } from "@/features/dashboard/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const view = dashboardView.parse(params);
    return (ctx) => listOwnArticles(ctx, view);
  });
}
