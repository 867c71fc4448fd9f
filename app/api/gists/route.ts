import { listGists } from "@/features/gists/list-gists.ts";
import { listGistsInput } from "@/features/gists/schema.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listGistsInput.parse(params);
    return (ctx) => listGists(ctx, input);
  });
}
