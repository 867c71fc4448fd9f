import { exportAudit } from "@/features/admin/audit/export-audit.ts";
import { auditExportInput } from "@/features/admin/audit/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";

const types = { csv: "text/csv; charset=utf-8", json: "application/json" };

export function GET(request: Request): Promise<Response> {
  return limitedRoute(request, async () => {
    const { format, ...filter } = auditExportInput.parse(
      Object.fromEntries(new URL(request.url).searchParams),
    );
    const text = await readAsViewer((ctx) => exportAudit(ctx, filter, format));
    return new Response(text, {
      headers: {
        "content-type": types[format],
        "content-disposition": `attachment; filename="audit.${format}"`,
        "cache-control": "no-store",
      },
    });
  });
}
