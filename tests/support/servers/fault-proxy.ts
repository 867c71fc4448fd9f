import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../../../scripts/parts/ports.ts";

export interface FaultProxyOptions {
  /** The server behind the proxy. */
  readonly target: { readonly host: string; readonly port: number };
}

/** `up` is from the client to the target, `down` from the target to the client. */
export type Direction = "up" | "down";

/**
 * A TCP proxy on 127.0.0.1 that fails on demand, for Soketi and Postgres. Faults apply to open and new
 * connections until {@link FaultProxy.heal}.
 */
export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** Number of open connections. */
  connections(): number;
  /** Number of connections accepted so far. */
  accepted(): number;
  /** Number of bytes lost in black holes so far. */
  lostBytes(): number;
  /** The kernel refuses new connections, as without a listener. Open connections stay. */
  refuse(): Promise<void>;
  /** Resets every open and new connection. */
  reset(): void;
  /** Holds all bytes without closing, as a stopped process does. They arrive after `heal`. */
  freeze(): void;
  /** Loses all bytes in one direction, as a half-open connection does. */
  blackHole(direction: Direction): void;
  /** Delays all bytes in both directions, in order. */
  delay(ms: number): void;
  /** Ends every fault. Bytes lost in a black hole stay lost: cut the connection if its stream matters. */
  heal(): Promise<void>;
  /** Resets the open connections. New connections work. */
  cutAll(): void;
  /** Idempotent. Closes every socket and clears every timer. */
  close(): Promise<void>;
}

/** Limit of held bytes. Beyond it the sender gets backpressure, as from a stopped process. */
const keptBytes = 1024 * 1024;

interface Faults {
  isReset: boolean;
  isFrozen: boolean;
  delayMs: number;
  lostBytes: number;
  readonly holes: Set<Direction>;
}

/** The two sockets of one proxied connection. */
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
  // Not an ephemeral port: while the proxy refuses, an outgoing connection could take it, or connect to itself.
  const port = await freePort();
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
  };
  /** Stops listening at once. Open sockets stay open. */
  const unlisten = async () => {
    if (!server.listening) return;
    server.close();
    // "close" is emitted after the last connection, but the port is free once the handle is closed.
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
 * `resetAndDestroy` waits until all is written, which never happens with a peer that does not read. A socket
 * that has already sent its end cannot be reset, and would never close.
 */
function reset(socket: Socket): void {
  if (!socket.writableEnded) socket.resetAndDestroy();
  socket.destroy();
}

/** Forwards one direction of one connection under the current faults. */
function pump(from: Socket, to: Socket, direction: Direction, faults: Faults) {
  /** Chunks in order. `undefined` is the end of the stream. */
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
    // Never before an earlier chunk, even when the delay has been shortened.
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
