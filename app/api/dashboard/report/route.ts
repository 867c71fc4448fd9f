import { readReport } from "@/features/dashboard/read-report.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => readReport);
}
