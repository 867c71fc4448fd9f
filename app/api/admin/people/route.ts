import { listPeople } from "@/features/admin/people/list-people.ts";
import { listPeopleInput } from "@/features/admin/people/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listPeopleInput.parse(params);
    return (ctx) => listPeople(ctx, input);
  });
}
