import { readDays } from "@/features/dashboard/read-days.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => readDays);
}
