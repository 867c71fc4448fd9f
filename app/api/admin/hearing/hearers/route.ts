import { listHearers } from "@/features/hearing/list-hearers.ts";
import { type Hearers, hearersInput } from "@/features/hearing/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = hearersInput.parse(params);
    return async ({ audience }): Promise<Hearers> => {
      const [people, counts] = await Promise.all([
        readAsViewer((ctx) => listHearers(ctx, input)),
        audience(),
      ]);
      return { people, connected: counts && (counts.get(input.channel) ?? 0) };
    };
  });
}
