import { listInvitations } from "@/features/teams/invitations/list-invitations.ts";
import { teamInput } from "@/features/teams/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = teamInput.parse(params);
    return (ctx) => listInvitations(ctx, input);
  });
}
