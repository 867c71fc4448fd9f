import { listArticles } from "@/features/articles/read/list-articles.ts";
import { listArticlesInput } from "@/features/articles/schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const input = listArticlesInput.parse(params);
    return (ctx) => listArticles(ctx, input);
  });
}
