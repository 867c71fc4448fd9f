import { readTotals } from "@/features/dashboard/read-totals.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => readTotals);
}
