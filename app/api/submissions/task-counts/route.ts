import { countTasks } from "@/features/submissions/list-tasks.ts";
import { deskInput } from "@/features/submissions/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = deskInput.parse(params);
    return (ctx) => countTasks(ctx, input);
  });
}
