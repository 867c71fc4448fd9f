import type { NextAuthRouteContext } from "@/auth/create-auth.ts";
import { auth } from "@/wiring/auth.ts";

function handle(request: Request, context: NextAuthRouteContext): Promise<Response> {
  return auth().handle(request, context);
}

export { handle as GET, handle as POST };
