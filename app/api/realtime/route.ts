import { routeHandlers } from "querycast/next";
import { boundedRoute } from "@/lib/bounded-route.ts";
import { correlated } from "@/lib/correlated.ts";
import { realtimeHandler } from "@/wiring/realtime.ts";

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(
  boundedRoute((request) => correlated(() => realtimeHandler()(request))),
);
