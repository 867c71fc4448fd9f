import { listSessions } from "@/features/sessions/list-sessions.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listSessions);
}
