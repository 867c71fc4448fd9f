import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { teamInput } from "@/features/teams/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = teamInput.parse(params);
    return (ctx) => listRoles(ctx, input);
  });
}
