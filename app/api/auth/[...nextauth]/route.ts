import type { NextAuthRouteContext } from "@/auth/create-auth.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { auth } from "@/wiring/auth.ts";

const handle = boundedRoute((request, context: NextAuthRouteContext) =>
  auth().handle(request, context),
);

export { handle as GET, handle as POST };
