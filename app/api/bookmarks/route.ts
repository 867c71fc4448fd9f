import { listBookmarks } from "@/features/bookmarks/list-bookmarks.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listBookmarks);
}
