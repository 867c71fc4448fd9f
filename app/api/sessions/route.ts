import { listSessions } from "@/features/sessions/list-sessions.ts";
import { jsonRoute } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(): Promise<Response> {
  return jsonRoute(() => readAsViewer(listSessions));
}
