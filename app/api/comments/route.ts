import { listComments } from "@/features/comments/list-comments.ts";
import { commentWindow, resourceRef } from "@/features/comments/schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const ref = resourceRef.parse(params);
    const window = commentWindow.parse(params);
    return (ctx) => listComments(ctx, ref, window);
  });
}
