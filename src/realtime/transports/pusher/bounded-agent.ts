import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";

export interface BoundedAgentOptions {
  readonly tls: boolean;
  /** From the moment a request gets its connection to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** What Node documents for agents to override; its types leave `createConnection` out. */
interface Overridable {
  createConnection(...given: unknown[]): Duplex;
  keepSocketAlive(socket: Duplex): boolean;
  reuseSocket(socket: Duplex, request: http.ClientRequest): void;
}

/**
 * An agent that keeps connections where the broker does, and destroys one that is still busy after
 * `timeoutMs`. The `pusher` package stops its own timer at the first byte of an answer, so a broker that
 * never sends the last one would hold the connection for good.
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
