import { listArticles } from "@/features/articles/list-articles.ts";
import { listArticlesInput } from "@/features/articles/schema.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listArticlesInput.parse(params);
    return (ctx) => listArticles(ctx, input);
  });
}
