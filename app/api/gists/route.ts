import { listGists } from "@/features/gists/list-gists.ts";
import { listGistsInput } from "@/features/gists/schema.ts";
import type { searchParamsOf } from "@/lib/json-route.ts";
import { readRoute } from "@/wiring/read-route.ts";
import { sharedRoute } from "@/wiring/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  // The list of one person holds what is private, for that person. The list of all holds the same for all.
  const isOfOnePerson = new URL(request.url).searchParams.has("ownerId");
  return isOfOnePerson ? readRoute(request, listFor) : sharedRoute(request, listFor);
}

function listFor(params: ReturnType<typeof searchParamsOf>) {
  const input = listGistsInput.parse(params);
  return (ctx: Parameters<typeof listGists>[0]) => listGists(ctx, input);
}
