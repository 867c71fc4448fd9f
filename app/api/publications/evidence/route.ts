import { listObservations } from "@/features/evidence/read/list-observations.ts";
import { listObservationsInput } from "@/features/evidence/schema.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listObservationsInput.parse(params);
    return (ctx) => listObservations({ ...ctx, keys: evidenceKeys() }, input);
  });
}
