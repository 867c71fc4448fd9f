import { listTopTags } from "@/features/tags/list-top-tags.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, () => listTopTags);
}
