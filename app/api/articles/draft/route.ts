import { articleIdInput } from "@/features/articles/draft-schema.ts";
import { getDraft } from "@/features/articles/get-draft.ts";
import { jsonRoute, searchParamsOf } from "@/lib/json-route.ts";
import { readAsViewer } from "@/wiring/context.ts";

export function GET(request: Request): Promise<Response> {
  return jsonRoute(async () => {
    const input = articleIdInput.parse(searchParamsOf(request));
    return readAsViewer((ctx) => getDraft(ctx, input));
  });
}
