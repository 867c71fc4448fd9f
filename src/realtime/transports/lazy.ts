import type { Transport, TransportConnection } from "../client/transport.ts";

/**
 * Wraps a transport whose code is loaded on the first connection, so that pages do not wait for it. A failed load
 * counts as a lost connection, and the next attempt loads again.
 *
 * @param about the transport's properties that are needed before it is loaded.
 * @param load loads the transport, e.g. by `import()`. Called for each connection.
 */
export function lazy(about: Omit<Transport, "connect">, load: () => Promise<Transport>): Transport {
  return {
    ...about,
    connect: (handlers, key) => {
      let connection: TransportConnection | undefined;
      let isClosed = false;
      load()
        .then((transport) => {
          if (!isClosed) connection = transport.connect(handlers, key);
        })
        .catch((error: unknown) => {
          if (isClosed) return;
          handlers.disconnected({
            reason: "lost",
            message: `The transport could not be loaded: ${error}`,
          });
        });
      return {
        subscribe: (wireName, auth) => connection?.subscribe(wireName, auth),
        unsubscribe: (wireName) => connection?.unsubscribe(wireName),
        signIn: (auth, userData) => connection?.signIn(auth, userData),
        ping: (answered) => connection?.ping(answered),
        close: () => {
          isClosed = true;
          connection?.close();
        },
      };
    },
  };
}
