import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface FaultProxyOptions {
  /** What stands behind the proxy. */
  readonly target: { readonly host: string; readonly port: number };
}

/** `up` is from the client to the target, `down` the way back. */
export type Direction = "up" | "down";

/**
 * A TCP proxy on 127.0.0.1 that fails on demand: put it in front of Soketi or Postgres. Faults hold for
 * connections that are open and for new ones, until {@link FaultProxy.heal}.
 */
export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** Connections open now. */
  connections(): number;
  /** Connections that were accepted so far. */
  accepted(): number;
  /** Bytes that vanished in black holes so far. */
  lostBytes(): number;
  /** New connections are refused by the kernel, as when nothing listens; open ones stay. */
  refuse(): Promise<void>;
  /** Every connection, open or new, is ended by a reset. */
  reset(): void;
  /** Nothing passes either way and nothing is closed, as with a stopped process; healed, all of it arrives. */
  freeze(): void;
  /** What is sent one way vanishes, as in a half-open connection; it does not come back. */
  blackHole(direction: Direction): void;
  /** Everything arrives this much later, each way, in order. */
  delay(ms: number): void;
  /** Takes every fault back. What was black-holed stays lost: cut the connection if its stream matters. */
  heal(): Promise<void>;
  /** Resets the connections that are open now; new ones are served. */
  cutAll(): void;
  /** Idempotent; leaves no socket and no timer. */
  close(): Promise<void>;
}

/** Frozen bytes are kept up to here; then the sender feels back-pressure, as from a stopped process. */
const keptBytes = 1024 * 1024;

interface Faults {
  isReset: boolean;
  isFrozen: boolean;
  delayMs: number;
  lostBytes: number;
  readonly holes: Set<Direction>;
}

/** Both halves of one connection. */
interface Pair {
  readonly flush: () => void;
  readonly reset: () => void;
  readonly closed: Promise<unknown>;
}

export async function createFaultProxy({ target }: FaultProxyOptions): Promise<FaultProxy> {
  const host = "127.0.0.1";
  const faults: Faults = {
    isReset: false,
    isFrozen: false,
    delayMs: 0,
    lostBytes: 0,
    holes: new Set(),
  };
  const pairs = new Set<Pair>();
  let port = 0;
  let accepted = 0;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    client.on("error", () => {});
    if (faults.isReset) return reset(client);
    const upstream = connect({ ...target, allowHalfOpen: true });
    upstream.on("error", () => reset(client));
    client.on("error", () => reset(upstream));
    const up = pump(client, upstream, "up", faults);
    const down = pump(upstream, client, "down", faults);
    const ends = [client, upstream].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    const pair: Pair = {
      flush: () => {
        up.flush();
        down.flush();
      },
      reset: () => {
        reset(client);
        reset(upstream);
      },
      closed: Promise.all(ends).then(() => {
        up.stop();
        down.stop();
        pairs.delete(pair);
      }),
    };
    pairs.add(pair);
    for (const socket of [client, upstream]) socket.setNoDelay(true);
  });

  const listen = async () => {
    if (server.listening) return;
    server.listen(port, host);
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  /** Stops listening at once; the sockets that are open live on. */
  const unlisten = async () => {
    if (!server.listening) return;
    server.close();
    // "close" comes with the last connection, but the port is free as soon as the handle is gone.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const cutAll = () => {
    for (const pair of [...pairs]) pair.reset();
  };

  await listen();
  return {
    host,
    port,
    connections: () => pairs.size,
    accepted: () => accepted,
    lostBytes: () => faults.lostBytes,
    refuse: unlisten,
    reset: () => {
      faults.isReset = true;
      cutAll();
    },
    freeze: () => {
      faults.isFrozen = true;
    },
    blackHole: (direction) => {
      faults.holes.add(direction);
    },
    delay: (ms) => {
      faults.delayMs = ms;
    },
    heal: async () => {
      faults.isReset = false;
      faults.isFrozen = false;
      faults.delayMs = 0;
      faults.holes.clear();
      for (const { flush } of pairs) flush();
      await listen();
    },
    cutAll,
    close: async () => {
      await unlisten();
      const closed = [...pairs].map((pair) => pair.closed);
      cutAll();
      await Promise.all(closed);
    },
  };
}

/**
 * Alone, `resetAndDestroy` waits until all is written, which a peer that does not read never lets
 * happen. A socket whose own end is on its way cannot be reset any more, and would never close.
 */
function reset(socket: Socket): void {
  if (!socket.writableEnded) socket.resetAndDestroy();
  socket.destroy();
}

/** Carries one direction of one connection, through whatever faults there are at the moment. */
function pump(from: Socket, to: Socket, direction: Direction, faults: Faults) {
  /** In order; a chunk of `undefined` is the end of the stream. */
  const line: { readonly chunk: Buffer | undefined; readonly dueMs: number }[] = [];
  let lineBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    while (!faults.isFrozen && !isFull) {
      const first = line[0];
      if (first === undefined) break;
      const leftMs = first.dueMs - performance.now();
      if (leftMs > 0) {
        timer = setTimeout(flush, leftMs);
        return;
      }
      line.shift();
      lineBytes -= first.chunk?.length ?? 0;
      if (!to.writable) continue;
      if (first.chunk === undefined) to.end();
      else isFull = !to.write(first.chunk);
    }
    if (lineBytes > keptBytes) from.pause();
    else from.resume();
  };
  const pass = (chunk: Buffer | undefined) => {
    if (faults.holes.has(direction)) {
      faults.lostBytes += chunk?.length ?? 0;
      return;
    }
    // Never before what came earlier, also when the delay was shortened in between.
    const dueMs = Math.max(performance.now() + faults.delayMs, line.at(-1)?.dueMs ?? 0);
    line.push({ chunk, dueMs: faults.delayMs === 0 && line.length === 0 ? 0 : dueMs });
    lineBytes += chunk?.length ?? 0;
    flush();
  };
  to.on("drain", () => {
    isFull = false;
    flush();
  });
  from.on("data", pass);
  from.once("end", () => pass(undefined));

  return {
    flush,
    stop: () => {
      line.length = 0;
      clearTimeout(timer);
    },
  };
}
