import { hasBookmark } from "@/features/bookmarks/has-bookmark.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const page = resourceRef.parse(params);
    return (ctx) => hasBookmark(ctx, page);
  });
}
