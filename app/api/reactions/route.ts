import { countReactions } from "@/features/reactions/count-reactions.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { sharedRoute } from "@/wiring/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const page = resourceRef.parse(params);
    return (ctx) => countReactions(ctx, page);
  });
}
