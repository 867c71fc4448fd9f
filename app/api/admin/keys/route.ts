import { listApps } from "@/features/broker-keys/list-apps.ts";
import { appKeeper } from "@/wiring/broker.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => (ctx) => listApps({ ...ctx, ...appKeeper() }));
}
