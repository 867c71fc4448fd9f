import { listAudit } from "@/features/admin/audit/list-audit.ts";
import { listAuditInput } from "@/features/admin/audit/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listAuditInput.parse(params);
    return (ctx) => listAudit(ctx, input);
  });
}
