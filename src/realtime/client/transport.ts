/** Why a connection is not up, as far as the transport can tell. */
export type Disconnection = {
  readonly reason:
    | "lost"
    /** It will be refused again soon: too many, or not allowed from here. */
    | "refused"
    /** As planned; nothing is wrong, and another one is opened at once. */
    | "ended"
    /** Another app of the broker is to be connected with. */
    | "moved"
    /** The server does not know the viewer. Final. */
    | "signed-out";
  readonly message: string;
};

/**
 * What a transport reports. Handlers are given once, at connect, and called in order; never before
 * `connect` has returned, never after `close`.
 */
export interface TransportHandlers {
  /** The broker accepted the socket; joins are signed for this id. */
  connected(socketId: string): void;
  disconnected(why: Disconnection): void;
  /**
   * The broker acknowledged a subscription: from here on nothing on the channel is missed. Said again of
   * one that was acknowledged before, it means that something may have been missed in between.
   */
  subscribed(wireName: string): void;
  subscriptionFailed(wireName: string): void;
  /** An event arrived; `data` is not yet parsed nor trusted. */
  event(wireName: string, name: string, data: unknown): void;
}

/** One attempt at one connection. It never reconnects: when and how often is the client's decision. */
export interface TransportConnection {
  subscribe(wireName: string, auth: string): void;
  unsubscribe(wireName: string): void;
  signIn(auth: string, userData: string): void;
  /**
   * Asks the broker for a sign of life, over the socket itself, and calls back when it comes. How long to
   * wait for it is the caller's decision: a socket that slept looks open and may be dead.
   */
  ping(answered: () => void): void;
  /** Idempotent; after it no handler is called. */
  close(): void;
}

/** How signals reach this browser. `pull` has none: `undefined` in its place. */
export interface Transport {
  readonly name: string;
  /** The server knows whose connection it is: nobody has to sign in on it. */
  readonly isViewerKnown?: boolean;
  /** Public key of the app it connects with until the server names another. Absent: there are no apps. */
  readonly key?: string;
  /** @param key of the app to connect with; default {@link Transport.key} */
  connect(handlers: TransportHandlers, key?: string): TransportConnection;
}
