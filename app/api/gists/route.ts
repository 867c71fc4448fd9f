import { listGists } from "@/features/gists/list-gists.ts";
import { listGistsInput } from "@/features/gists/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  // The list of one person holds what is private, for that person. The list of all holds the same for all.
  const isOfOnePerson = new URL(request.url).searchParams.has("ownerId");
  const answer: typeof sharedRoute = isOfOnePerson ? readRoute : sharedRoute;
  return answer(request, (params) => {
    const input = listGistsInput.parse(params);
    return (ctx) => listGists(ctx, input);
  });
}
