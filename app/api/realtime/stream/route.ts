import { routeHandlers } from "querycast/next";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { streamHandler } from "@/wiring/realtime/realtime.ts";

// The stream is not compressed: Next strips `content-encoding` from the response of a handler.
export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(
  boundedRoute((request) => streamHandler()(request)),
);
