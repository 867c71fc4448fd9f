import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface PostgresProxy {
  /** The same database by way of the proxy. */
  readonly url: string;
  /** How often the client has waited for the server so far, on all connections. */
  readonly roundTrips: () => number;
  /** From now on nothing gets through, in either direction, and no connection is closed. */
  readonly freeze: () => void;
  /** Breaks every connection off. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Sits between a client and Postgres, and counts: what the client sends before it has got any answer
 * belongs to one flight, and each flight is a round trip.
 */
export async function startPostgresProxy(
  databaseUrl: string,
  { delayMs = 10 }: { readonly delayMs?: number } = {},
): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let trips = 0;
  let frozen = false;
  const forward = (to: Socket, chunk: Buffer, delivered = () => {}) => {
    setTimeout(() => {
      if (frozen || !to.writable) return;
      to.write(chunk);
      delivered();
    }, delayMs);
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let flying = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      if (!flying) trips += 1;
      flying = true;
      forward(upstream, chunk);
    });
    upstream.on("data", (chunk) => {
      forward(client, chunk, () => {
        flying = false;
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    roundTrips: () => trips,
    freeze: () => {
      frozen = true;
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
