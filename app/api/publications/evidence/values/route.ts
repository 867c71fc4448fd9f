import { listValues } from "@/features/evidence/read/list-values.ts";
import { valuesInput } from "@/features/evidence/schema.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = valuesInput.parse(params);
    return (ctx) => listValues({ ...ctx, keys: evidenceKeys() }, input);
  });
}
