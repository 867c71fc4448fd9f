import { listSubmissions } from "@/features/submissions/list-submissions.ts";
import { deskInput } from "@/features/submissions/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = deskInput.parse(params);
    return (ctx) => listSubmissions(ctx, input);
  });
}
