import { articleIdInput } from "@/features/articles/draft-schema.ts";
import { getVersion } from "@/features/articles/get-version.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = articleIdInput.parse(searchParamsOf(request));
    return readAsViewer((ctx) => getVersion(ctx, input));
  });
}
