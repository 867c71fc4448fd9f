import { listMembers } from "@/features/admin/people/list-members.ts";
import { listMembersInput } from "@/features/admin/people/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listMembersInput.parse(params);
    return (ctx) => listMembers(ctx, input);
  });
}
