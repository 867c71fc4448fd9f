import { getInvitation } from "@/features/teams/invitations/get-invitation.ts";
import { ownInvitationInput } from "@/features/teams/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = ownInvitationInput.parse(params);
    return (ctx) => getInvitation(ctx, input);
  });
}
