import { getImport } from "@/features/imports/get-import.ts";
import { importInput } from "@/features/imports/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = importInput.parse(params);
    return (ctx) => getImport(ctx, input);
  });
}
