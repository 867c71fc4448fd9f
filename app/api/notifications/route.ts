import { listNotifications } from "@/features/notifications/list-notifications.ts";
import { listNotificationsInput } from "@/features/notifications/schema.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = listNotificationsInput.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listNotifications(ctx, input));
  });
}
