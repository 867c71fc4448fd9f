import { getPerson } from "@/features/people/get-person.ts";
import { getPersonInput } from "@/features/people/schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const input = getPersonInput.parse(params);
    return (ctx) => getPerson(ctx, input);
  });
}
