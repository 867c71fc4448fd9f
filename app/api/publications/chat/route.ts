import { listMessages } from "@/features/desk/list-messages.ts";
import { deskInput } from "@/features/desk/schema.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = deskInput.parse(params);
    return (ctx) => {
      const resolve = resolveCitations({ ...ctx, keys: evidenceKeys() }, input.publicationId);
      return listMessages({ ...ctx, resolve }, input);
    };
  });
}
