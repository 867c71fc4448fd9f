import { listSubscribers } from "@/features/admin/access/list-subscribers.ts";
import { type Subscribers, subscribersInput } from "@/features/admin/access/schema.ts";
import { idsIn } from "@/lib/text/names.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/routes/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = subscribersInput.parse(params);
    return async ({
      countSubscriptions,
      countsOneProcess,
      names: nameAll,
    }): Promise<Subscribers> => {
      const [people, counts, names] = await Promise.all([
        readAsViewer((ctx) => listSubscribers(ctx, input)),
        countSubscriptions(),
        nameAll(idsIn(input.channel)),
      ]);
      const connected = counts && (counts.get(input.channel) ?? 0);
      return { names, people, connected, countsOneProcess };
    };
  });
}
