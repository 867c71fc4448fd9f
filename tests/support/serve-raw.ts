import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { LOOPBACK } from "../../scripts/parts/ports.ts";
import type { ServedRoute } from "./serve-route.ts";

/** Serves a handler of Node's own requests and responses, on any free port. */
export async function serveRaw(handle: RequestListener): Promise<ServedRoute> {
  const server = createServer(handle);
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: LOOPBACK,
    port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
