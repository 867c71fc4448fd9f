import { listHearers } from "@/features/admin/access/list-hearers.ts";
import { type Hearers, hearersInput } from "@/features/admin/access/schema.ts";
import { idsIn } from "@/lib/text/names.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = hearersInput.parse(params);
    return async ({ audience, names: nameAll }): Promise<Hearers> => {
      const [people, counts, names] = await Promise.all([
        readAsViewer((ctx) => listHearers(ctx, input)),
        audience(),
        nameAll(idsIn(input.channel)),
      ]);
      return { names, people, connected: counts && (counts.get(input.channel) ?? 0) };
    };
  });
}
