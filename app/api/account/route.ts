import { getAccount } from "@/features/account/get-account.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, () => getAccount);
}
