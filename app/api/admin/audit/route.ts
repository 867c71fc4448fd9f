import { listAudit } from "@/features/audit/list-audit.ts";
import { listAuditInput } from "@/features/audit/schema.ts";
import { readRoute } from "@/wiring/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listAuditInput.parse(params);
    return (ctx) => listAudit(ctx, input);
  });
}
