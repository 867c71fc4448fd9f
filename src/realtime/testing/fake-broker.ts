import type { Transport, TransportConnection, TransportHandlers } from "../client/transport.ts";
import { encodeSignal, type Signal } from "../protocol/signal.ts";

interface Socket {
  readonly id: string;
  readonly handlers: TransportHandlers;
  readonly subscriptions: Set<string>;
  isSignedIn: boolean;
}

/** A broker in memory with the faults of real ones. */
export interface FakeBroker {
  /** Connects clients to this broker. */
  readonly transport: Transport;
  /** Sockets open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** Sockets that ever asked to be opened. */
  attempts(): number;
  /** Every subscribe and unsubscribe, in order, e.g. `+private-user.1.e0`. */
  readonly log: readonly string[];
  /** Delivers to every subscriber, as the relay would have it. */
  publish(wireName: string, signal: Signal): void;
  /** Delivers whatever it is given: forged, malformed. */
  send(wireName: string, name: string, data: unknown): void;
  /** Cuts all sockets; while stopped, attempts are refused. */
  stop(): void;
  start(): void;
  /** While mute, nothing is acknowledged: not the connection, not a subscription. */
  setMute(isMute: boolean): void;
  /** The next subscriptions to this name fail. */
  reject(wireName: string): void;
}

export function createFakeBroker(): FakeBroker {
  const sockets = new Set<Socket>();
  const log: string[] = [];
  const rejected = new Set<string>();
  let attempts = 0;
  let isDown = false;
  let isMute = false;

  const connect = (handlers: TransportHandlers): TransportConnection => {
    attempts += 1;
    const socket: Socket = {
      id: `1.${attempts}`,
      handlers,
      subscriptions: new Set(),
      isSignedIn: false,
    };
    sockets.add(socket);
    // A real socket answers later, never within the call.
    const later = (run: () => void) =>
      queueMicrotask(() => {
        if (sockets.has(socket)) run();
      });
    later(() => {
      if (isDown) drop(socket);
      else if (!isMute) handlers.connected(socket.id);
    });
    return {
      subscribe: (wireName) => {
        log.push(`+${wireName}`);
        later(() => {
          if (isMute) return;
          if (rejected.delete(wireName)) return handlers.subscriptionFailed(wireName);
          socket.subscriptions.add(wireName);
          handlers.subscribed(wireName);
        });
      },
      unsubscribe: (wireName) => {
        log.push(`-${wireName}`);
        socket.subscriptions.delete(wireName);
      },
      signIn: () => {
        socket.isSignedIn = true;
      },
      close: () => sockets.delete(socket),
    };
  };

  const drop = (socket: Socket) => {
    sockets.delete(socket);
    socket.handlers.disconnected({ reason: "lost", message: "The fake broker went away." });
  };

  const send = (wireName: string, name: string, data: unknown) => {
    for (const socket of [...sockets]) {
      if (socket.subscriptions.has(wireName)) socket.handlers.event(wireName, name, data);
    }
  };

  return {
    transport: { name: "fake", connect },
    sockets,
    attempts: () => attempts,
    log,
    publish: (wireName, signal) => send(wireName, signal.name, encodeSignal(signal)),
    send,
    stop: () => {
      isDown = true;
      for (const socket of [...sockets]) drop(socket);
    },
    start: () => {
      isDown = false;
    },
    setMute: (next) => {
      isMute = next;
    },
    reject: (wireName) => rejected.add(wireName),
  };
}
