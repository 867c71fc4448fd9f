import { createFollowLog, type Relay } from "querycast/server";
import { sse } from "@/realtime/transports/sse/client.ts";
import { createSseHub, createStreamHandler } from "@/realtime/transports/sse/server.ts";
import { serveRoute } from "../support/serve-route.ts";
import { conformance, type Delivery } from "./conformance.ts";

conformance("streams of the site itself", async (): Promise<Delivery> => {
  const hub = createSseHub({ secret: "a secret of at least 32 characters" });
  let relay: Relay | undefined;
  const handle = createStreamHandler({
    hub,
    relay: { health: () => (relay as Relay).health() },
    getViewer: async (request) => ({ id: request.headers.get("authorization") ?? "" }),
    allowedOrigins: [],
  });
  let served = await serveRoute(handle);
  const { host, port } = served;
  return {
    broker: hub,
    readLog: createFollowLog,
    fedBy: (it) => {
      relay = it;
    },
    transport: (viewerId) =>
      sse({
        endpoint: `http://${host}:${port}/`,
        fetch: (url, init) =>
          fetch(url, { ...init, headers: { ...init?.headers, authorization: viewerId } }),
      }),
    // As after a kill of the process: the sockets are closed and no server listens.
    cut: () => served.close(),
    restore: async () => {
      served = await serveRoute(handle, { port });
    },
    forge: async (wireName, name, data) => hub.send(wireName, name, JSON.stringify(data)),
    close: async () => {
      hub.close();
      await served.close();
    },
  };
});
