import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { listNotificationsInput } from "@/features/notifications/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listNotificationsInput.parse(params);
    return (ctx) => listNotifications(ctx, input);
  });
}
