import { listMembers } from "@/features/teams/list-members.ts";
import { listMembersInput } from "@/features/teams/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listMembersInput.parse(params);
    return (ctx) => listMembers(ctx, input);
  });
}
