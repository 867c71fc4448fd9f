import { listChoices } from "@/features/submissions/list-choices.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => listChoices);
}
