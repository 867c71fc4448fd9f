import { getAnnouncement } from "@/features/announcements/get-announcement.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, () => getAnnouncement);
}
