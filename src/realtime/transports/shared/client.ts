import { type Clock, systemClock } from "../../client/clock.ts";
import type { Transport, TransportConnection } from "../../client/transport.ts";
import { sharingVersion } from "./message.ts";
import { takeSeat } from "./seat.ts";
import { browserTabs, type Tabs } from "./tabs.ts";

export type { Tabs, TabsListener } from "./tabs.ts";

export interface SharedOptions {
  /**
   * Who is signed in, and to which broker: tabs with the same key share one connection, so two accounts
   * must never have the same. Not a secret.
   */
  readonly key: string;
  readonly clock?: Clock;
  /** Default: those of the browser this runs in. `undefined` there: every tab for itself. */
  readonly tabs?: Tabs;
}

/**
 * Makes all tabs of one browser and one viewer share the connections of another transport: one tab leads
 * and holds the socket, the others hear through it. Each tab still joins its channels with a session of
 * its own and catches up by itself; only the socket is shared. When the leading tab closes, crashes or
 * freezes, the others are disconnected, one of them leads, and all catch up.
 *
 * Where tabs cannot find each other (no Web Locks, no BroadcastChannel) each has a connection of its own.
 */
export function shared(transport: Transport, options: SharedOptions): Transport {
  return {
    ...transport,
    connect: (handlers, key = transport.key) => {
      const connect: Transport["connect"] = (each) => transport.connect(each, key);
      const tabs = options.tabs ?? browserTabs();
      if (tabs === undefined) return connect(handlers);
      let isClosed = false;
      let connection: TransportConnection = takeSeat({
        // Tabs that know of different apps have sockets of their own: each joins for the app it knows.
        name: `querycast.${sharingVersion} ${transport.name} ${options.key}${key ? ` ${key}` : ""}`,
        connect,
        handlers,
        tabs,
        clock: options.clock ?? systemClock,
        onUnable: () => {
          if (!isClosed) connection = connect(handlers);
        },
      });
      return {
        subscribe: (wireName, auth) => connection.subscribe(wireName, auth),
        unsubscribe: (wireName) => connection.unsubscribe(wireName),
        signIn: (auth, userData) => connection.signIn(auth, userData),
        ping: (answered) => connection.ping(answered),
        close: () => {
          isClosed = true;
          connection.close();
        },
      };
    },
  };
}
