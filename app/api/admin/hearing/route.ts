import { findPerson } from "@/db/find-person.ts";
import { explain } from "@/features/hearing/explain.ts";
import { explainInput } from "@/features/hearing/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { operatorRoute } from "@/wiring/operator-route.ts";

export function GET(request: Request): Promise<Response> {
  return operatorRoute(request, (params) => {
    const input = explainInput.parse(params);
    return async (ctx) =>
      explain(ctx, await readAsViewer(({ tx }) => findPerson(tx, input.person)), input);
  });
}
