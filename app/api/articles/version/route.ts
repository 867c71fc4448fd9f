import { getVersion } from "@/features/articles/read/get-version.ts";
import { articleIdInput } from "@/features/articles/write/draft-schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const input = articleIdInput.parse(params);
    return (ctx) => getVersion(ctx, input);
  });
}
