import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { LOOPBACK } from "../../../scripts/parts/ports.ts";

/** A handler behind a real HTTP server. */
export interface Served {
  readonly host: string;
  readonly port: number;
  /** Closes the open connections. */
  readonly close: () => Promise<void>;
}

/** Serves a handler of Node's own requests and responses. Default: on any free port. */
export async function serveRaw(handle: RequestListener, wanted = 0): Promise<Served> {
  const server = createServer(handle);
  server.listen(wanted, LOOPBACK);
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
