import { listOwnInvitations } from "@/features/teams/invitations/list-own-invitations.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listOwnInvitations);
}
