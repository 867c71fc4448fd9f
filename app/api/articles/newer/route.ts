import { countNewer } from "@/features/articles/read/count-newer.ts";
import { countNewerInput } from "@/features/articles/schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const than = countNewerInput.parse(params);
    return (ctx) => countNewer(ctx, than);
  });
}
