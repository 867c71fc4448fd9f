import { fullJitterMs } from "../../protocol/back-off.ts";
import type { Timers } from "../../protocol/clock.ts";

/** After the broker refused a connection, the client asks the route for its app at a random time in this window. */
const refused = { firstMs: 5_000, lastMs: 5_000 };

export interface BrokerKeyOptions {
  /** Key of the app to connect to first. Undefined: the transport has no apps. */
  readonly first: string | undefined;
  readonly timers: Timers;
  readonly random: () => number;
  /** Spread of all clients in ms. */
  spreadMs(): number;
  /** Closes the open connection and opens another one. */
  renew(): void;
  /** Shortens the wait for the next attempt to connect. */
  retrySoon(): void;
  /** Requests the key of the current app, which arrives by {@link BrokerKey.received}. */
  request(): void;
}

/** Public key of the broker's app. It changes during a key rotation, in which the site serves two apps. */
export interface BrokerKey {
  /** Returns the key for a new connection. */
  forConnection(): string | undefined;
  /** Key of the latest connection. */
  ofConnection(): string | undefined;
  /**
   * A response has the key of the app to connect to.
   *
   * @param retired the key of the request, if the site no longer uses its app
   */
  received(key: string, retired: string | undefined): void;
  /** The broker refused a connection: the app may have been removed while this client was not connected. */
  refused(): void;
}

export function createBrokerKey(options: BrokerKeyOptions): BrokerKey {
  const { timers, random, spreadMs } = options;
  let next = options.first;
  let connected = next;
  return {
    forConnection: () => {
      connected = next;
      return next;
    },
    ofConnection: () => connected,
    received: (key, retired) => {
      const isNew = key !== next;
      next = key;
      if (retired !== undefined && retired === connected) options.renew();
      else if (isNew && retired === undefined) options.retrySoon();
    },
    refused: () => {
      const waitMs = fullJitterMs(random, 0, refused, spreadMs());
      if (next !== undefined) timers.after(waitMs, options.request);
    },
  };
}
