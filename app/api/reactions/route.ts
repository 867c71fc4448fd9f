import { listCommentIds } from "@/features/comments/list-comments.ts";
import { countReactions } from "@/features/reactions/count-reactions.ts";
import { commentWindow } from "@/lib/comment-window.ts";
import { resourceRef } from "@/lib/resource-ref.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

/** Reactions to a page and to the comments of one page of its thread, which a window names as for the comments. */
export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const page = resourceRef.parse(params);
    const window = commentWindow.parse(params);
    return async (ctx) => countReactions(ctx, page, await listCommentIds(ctx, page, window));
  });
}
