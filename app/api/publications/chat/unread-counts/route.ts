import { listUnread } from "@/features/desk/count-unread.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listUnread);
}
