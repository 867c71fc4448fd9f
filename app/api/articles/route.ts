import { listArticles } from "@/features/articles/list-articles.ts";
import { listArticlesInput } from "@/features/articles/schema.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = listArticlesInput.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listArticles(ctx, input));
  });
}
