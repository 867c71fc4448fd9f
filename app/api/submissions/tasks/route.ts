import { listTasks } from "@/features/submissions/list-tasks.ts";
import { listTasksInput } from "@/features/submissions/schema.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = listTasksInput.parse(params);
    return (ctx) => listTasks(ctx, input);
  });
}
