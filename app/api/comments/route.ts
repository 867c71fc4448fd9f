import { listComments } from "@/features/comments/list-comments.ts";
import { resourceRef } from "@/features/comments/schema.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const ref = resourceRef.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listComments(ctx, ref));
  });
}
