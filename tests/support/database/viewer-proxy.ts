import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface PostgresProxy {
  /** The same database through the proxy. */
  readonly url: string;
  /** Number of round trips so far, over all connections. */
  readonly roundTrips: () => number;
  /** Holds all bytes in both directions without closing a connection. */
  readonly freeze: () => void;
  /** Closes every connection. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/**
 * A proxy between a client and Postgres that counts round trips: everything the client sends before it gets
 * a response counts as one.
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
