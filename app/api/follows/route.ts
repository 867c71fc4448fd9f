import { listFollows } from "@/features/follows/list-follows.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listFollows);
}
