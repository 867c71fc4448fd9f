import { routeHandlers } from "querycast/next";
import { correlated } from "@/lib/correlated.ts";
import { realtimeHandler } from "@/wiring/realtime.ts";

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers((request) =>
  correlated(() => realtimeHandler()(request)),
);
