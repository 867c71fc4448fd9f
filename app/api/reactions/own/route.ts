import { listCommentIds } from "@/features/comments/list-comments.ts";
import { listOwnReactions } from "@/features/reactions/list-own-reactions.ts";
import { commentWindow } from "@/lib/comment-window.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const page = resourceRef.parse(params);
    const window = commentWindow.parse(params);
    return async (ctx) => listOwnReactions(ctx, page, await listCommentIds(ctx, page, window));
  });
}
