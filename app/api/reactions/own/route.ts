import { listOwnReactions } from "@/features/reactions/list-own-reactions.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const page = resourceRef.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listOwnReactions(ctx, page));
  });
}
