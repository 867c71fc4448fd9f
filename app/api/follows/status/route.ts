import { isFollowing } from "@/features/follows/is-following.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const page = resourceRef.parse(params);
    return (ctx) => isFollowing(ctx, page);
  });
}
