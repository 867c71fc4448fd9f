import { listSessions } from "@/features/sessions/list-sessions.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listSessions);
}
