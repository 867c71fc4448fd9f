import { listFigures } from "@/features/evidence/read/list-figures.ts";
import { publicationEvidenceInput } from "@/features/evidence/schema.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = publicationEvidenceInput.parse(params);
    return (ctx) => listFigures({ ...ctx, keys: evidenceKeys() }, input);
  });
}
