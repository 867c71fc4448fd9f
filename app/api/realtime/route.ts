import { routeHandlers } from "querycast/next";
import { realtimeHandler } from "@/wiring/realtime.ts";

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers((request) =>
  realtimeHandler()(request),
);
