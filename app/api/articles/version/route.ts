import { articleIdInput } from "@/features/articles/draft-schema.ts";
import { getVersion } from "@/features/articles/get-version.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const input = articleIdInput.parse(params);
    return (ctx) => getVersion(ctx, input);
  });
}
