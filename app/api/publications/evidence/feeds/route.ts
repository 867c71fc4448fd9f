import { listFeeds } from "@/features/evidence/ingest/list-feeds.ts";
import { publicationEvidenceInput } from "@/features/evidence/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = publicationEvidenceInput.parse(params);
    return (ctx) => listFeeds(ctx, input);
  });
}
