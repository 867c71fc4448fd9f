import { listGists } from "@/features/gists/list-gists.ts";
import { listGistsInput } from "@/features/gists/schema.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = listGistsInput.parse(searchParamsOf(request));
    return readAsViewer((ctx) => listGists(ctx, input));
  });
}
