/** Why a connection ended or could not be opened. */
export type Disconnection = {
  readonly reason:
    | "lost"
    /** The broker refuses connections, e.g. over quota. The client waits longer before it retries. */
    | "refused"
    /** The connection ended as planned. The client opens another one at once. */
    | "ended"
    /** The broker app was replaced. The client connects to another one. */
    | "moved"
    /** The server does not accept the viewer's session. Final. */
    | "signed-out";
  /** For logs. */
  readonly message: string;
};

/**
 * Callbacks of a transport connection. They are called in the order of events, not before `connect` has
 * returned and not after `close`.
 */
export interface TransportHandlers {
  /** The broker accepted the socket. The route signs joins for this id. */
  connected(socketId: string): void;
  disconnected(why: Disconnection): void;
  /**
   * The broker acknowledged a subscription and delivers the channel from now on. Called again when signals
   * may have been missed since, e.g. because the transport has reconnected.
   */
  subscribed(wireName: string): void;
  subscriptionFailed(wireName: string): void;
  /**
   * An event arrived. `data` is neither parsed nor validated.
   *
   * @param rows of an entity, from the site itself. A broker's events never have them.
   */
  event(wireName: string, name: string, data: unknown, rows?: readonly unknown[]): void;
}

/** One connection, or one attempt to open it. It does not reconnect; the client does. */
export interface TransportConnection {
  subscribe(wireName: string, auth: string): void;
  unsubscribe(wireName: string): void;
  signIn(auth: string, userData: string): void;
  /**
   * Sends a ping over the socket and calls back on the answer. The caller sets the timeout. After sleep a
   * dead socket still looks open.
   */
  ping(answered: () => void): void;
  /** Idempotent. Afterwards no handler is called. */
  close(): void;
}

/** How signals reach the browser: Pusher Channels, server-sent events, or your own. */
export interface Transport {
  /** For logs and devtools. */
  readonly name: string;
  /** The connection itself identifies the viewer, so that the client sends no sign-in. Default false. */
  readonly isViewerKnown?: boolean;
  /** Public key of the broker app to connect to first. Absent: the transport has no apps. */
  readonly key?: string;
  /**
   * Starts to open a connection.
   *
   * @param key of the broker app to connect to. Default {@link Transport.key}
   */
  connect(handlers: TransportHandlers, key?: string): TransportConnection;
}
