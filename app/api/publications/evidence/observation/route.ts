import { getObservation } from "@/features/evidence/read/get-observation.ts";
import { observationInput } from "@/features/evidence/schema.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = observationInput.parse(params);
    return (ctx) => getObservation({ ...ctx, keys: evidenceKeys() }, input);
  });
}
