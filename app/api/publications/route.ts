import { listPublications } from "@/features/publications/list-publications.ts";
import { listPublicationsInput } from "@/features/publications/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";
import { sharedRoute } from "@/wiring/routes/shared-route.ts";

export function GET(request: Request): Promise<Response> {
  const isOwn = new URL(request.url).searchParams.get("filter") === "yours";
  const answer: typeof sharedRoute = isOwn ? readRoute : sharedRoute;
  return answer(request, (params) => {
    const input = listPublicationsInput.parse(params);
    return (ctx) => listPublications(ctx, input);
  });
}
