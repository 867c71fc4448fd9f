import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";

export interface BoundedAgentOptions {
  readonly tls: boolean;
  /** Time limit from the assignment of a connection to the last byte of the response. */
  readonly timeoutMs: number;
}

/** Methods that Node documents for overriding. Its types omit `createConnection`. */
interface Overridable {
  createConnection(...given: unknown[]): Duplex;
  keepSocketAlive(socket: Duplex): boolean;
  reuseSocket(socket: Duplex, request: http.ClientRequest): void;
}

/**
 * Creates an agent with keep-alive that destroys a connection which is still busy after `timeoutMs`. The `pusher`
 * package stops its timer at the first byte of a response, so an incomplete response would hold the connection forever.
 */
export function createBoundedAgent({ tls, timeoutMs }: BoundedAgentOptions) {
  const agent = new (tls ? https : http).Agent({ keepAlive: true });
  const plain = agent as unknown as Overridable;
  const original: Overridable = {
    createConnection: plain.createConnection.bind(agent),
    keepSocketAlive: plain.keepSocketAlive.bind(agent),
    reuseSocket: plain.reuseSocket.bind(agent),
  };
  const timers = new WeakMap<Duplex, NodeJS.Timeout>();
  const release = (socket: Duplex) => clearTimeout(timers.get(socket));
  const occupy = (socket: Duplex) => {
    release(socket);
    timers.set(
      socket,
      setTimeout(() => socket.destroy(), timeoutMs),
    );
  };
  const overrides: Overridable = {
    createConnection: (...given) => {
      const socket = original.createConnection(...given);
      occupy(socket);
      socket.once("close", () => release(socket));
      return socket;
    },
    keepSocketAlive: (socket) => {
      release(socket);
      return original.keepSocketAlive(socket);
    },
    reuseSocket: (socket, request) => {
      occupy(socket);
      original.reuseSocket(socket, request);
    },
  };
  return Object.assign(agent, overrides);
}
