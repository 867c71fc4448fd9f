import { routeHandlers } from "querycast/next";
import { createStreamHandler } from "querycast/transports/sse/server";
import { deliverByStreams } from "../../../../server/streams.ts";
import { viewerOf } from "../../../../server/viewer.ts";

const { broker: hub, relay } = deliverByStreams();

const handleStream = createStreamHandler({
  hub,
  relay,
  getViewer: (request) => viewerOf(request.headers.get("cookie")),
  allowedOrigins: [process.env.SITE_ORIGIN ?? ""],
  onError: (error) => console.error("stream", error),
});

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = routeHandlers(handleStream);
