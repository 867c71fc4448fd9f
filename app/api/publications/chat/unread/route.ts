import { countUnread } from "@/features/desk/count-unread.ts";
import { deskInput } from "@/features/desk/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = deskInput.parse(params);
    return (ctx) => countUnread(ctx, input);
  });
}
