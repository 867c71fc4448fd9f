import { listPublished } from "@/features/publications/list-published.ts";
import { publicationInput } from "@/features/publications/schema.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  return sharedRoute(request, (params) => {
    const input = publicationInput.parse(params);
    return (ctx) => listPublished(ctx, input);
  });
}
