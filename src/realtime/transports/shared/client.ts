import type { Transport, TransportConnection } from "../../client/transport.ts";
import { type Clock, systemClock } from "../../protocol/clock.ts";
import { sharingVersion } from "./message.ts";
import { joinTabElection } from "./tab-election.ts";
import { browserTabs, type Tabs } from "./tabs.ts";

export type { Tabs, TabsListener } from "./tabs.ts";

/** Options of {@link shared}. */
export interface SharedOptions {
  /**
   * Identifies the viewer and the broker. Tabs with the same key share one connection, so two accounts must have
   * different keys. Not a secret.
   */
  readonly key: string;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Access to other tabs, for tests. Default: Web Locks and BroadcastChannel of the browser. */
  readonly tabs?: Tabs;
}

/**
 * Wraps a transport so that all tabs of one browser and viewer share its connection. One tab leads and holds the
 * socket, and the others receive events through it. Each tab still joins its channels and catches up separately. When
 * the leading tab closes, crashes or freezes, the others are disconnected, one of them leads, and all catch up.
 *
 * Without Web Locks or BroadcastChannel each tab has a separate connection.
 *
 * ```ts
 * const transport = shared(sse(), { key: viewer.id });
 * ```
 */
export function shared(transport: Transport, options: SharedOptions): Transport {
  return {
    ...transport,
    connect: (handlers, key = transport.key) => {
      const connect: Transport["connect"] = (each) => transport.connect(each, key);
      const tabs = options.tabs ?? browserTabs();
      if (tabs === undefined) return connect(handlers);
      let isClosed = false;
      let connection: TransportConnection = joinTabElection({
        // Tabs with different app keys use separate sockets, since each joins for its own app.
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
