import { readDays } from "@/features/dashboard/read-days.ts";
import { jsonRoute } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(): Promise<Response> {
  return jsonRoute(() => readAsViewer(readDays));
}
