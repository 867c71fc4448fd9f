import { routeHandlers } from "querycast/next";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { correlated } from "@/lib/http/correlated.ts";
import { realtimeHandler } from "@/wiring/realtime/realtime.ts";

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(
  boundedRoute((request) => correlated(() => realtimeHandler()(request))),
);
