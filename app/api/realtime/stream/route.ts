import { routeHandlers } from "querycast/next";
import { boundedRoute } from "@/lib/bounded-route.ts";
import { streamHandler } from "@/wiring/realtime.ts";

// Nothing is compressed here: Next strips `content-encoding` from what a handler answers.
export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(
  boundedRoute((request) => streamHandler()(request)),
);
