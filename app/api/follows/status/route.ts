import { isFollowing } from "@/features/follows/is-following.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const page = resourceRef.parse(searchParamsOf(request));
    return readAsViewer((ctx) => isFollowing(ctx, page));
  });
}
