import { getDeletion } from "@/features/publications/get-deletion.ts";
import { publicationInput } from "@/features/publications/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = publicationInput.parse(params);
    return (ctx) => getDeletion(ctx, input);
  });
}
