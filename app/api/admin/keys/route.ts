import { listApps } from "@/features/admin/keys/list-apps.ts";
import { brokerAppServices } from "@/wiring/realtime/broker/broker.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => (ctx) => listApps({ ...ctx, ...brokerAppServices() }));
}
