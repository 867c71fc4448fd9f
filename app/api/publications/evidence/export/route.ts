import { exportObservations } from "@/features/evidence/read/export-observations.ts";
import { exportInput } from "@/features/evidence/schema.ts";
import { searchParamsOf } from "@/lib/http/request-input.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";

const types = { csv: "text/csv; charset=utf-8", json: "application/json" };

export function GET(request: Request): Promise<Response> {
  return limitedRoute(request, async () => {
    const { format, ...input } = exportInput.parse(searchParamsOf(request));
    const text = await readAsViewer((ctx) =>
      exportObservations({ ...ctx, keys: evidenceKeys() }, input, format),
    );
    return new Response(text, {
      headers: {
        "content-type": types[format],
        "content-disposition": `attachment; filename="evidence.${format}"`,
        "cache-control": "no-store",
      },
    });
  });
}
