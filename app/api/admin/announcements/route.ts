import { listAnnouncements } from "@/features/admin/announcements/list-announcements.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listAnnouncements);
}
