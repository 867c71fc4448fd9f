import type { Transport, TransportConnection } from "../client/transport.ts";

/**
 * A transport whose code is loaded when the first connection is wanted, so that no page waits for it.
 * A load that fails counts as a lost connection; the next attempt loads again.
 *
 * @param about what is known of the transport before it is loaded
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
          handlers.disconnected({ reason: "lost", message: `No connection was made: ${error}` });
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
