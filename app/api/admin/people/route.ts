import { listMembers } from "@/features/moderation/list-members.ts";
import { listMembersInput } from "@/features/moderation/schema.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listMembersInput.parse(params);
    return (ctx) => listMembers(ctx, input);
  });
}
