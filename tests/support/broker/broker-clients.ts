import Pusher from "pusher-js";
import type { Transport } from "querycast";
import { pusher } from "../../../src/realtime/transports/pusher/client.ts";
import { slim } from "../../../src/realtime/transports/pusher/slim.ts";

interface Address {
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

/** A client of a broker with the Pusher protocol, as pages use it. */
export interface BrokerClient {
  /** Creates a page's transport, without TLS. */
  transport(address: Address): Transport;
  /** Number of sockets of the app's instance that no transport uses. */
  idleSockets(): number;
  /** Longest time until a reconnect when the app's instance decides about it. */
  readonly returnMs?: number;
  /** Ends the app's instance. */
  close(): void;
}

const ofOurOwn = (make: (options: Address & { readonly tls: false }) => Transport) => () => ({
  transport: (address: Address) => make({ ...address, tls: false }),
  idleSockets: () => 0,
  close: () => {},
});

/** Each page has an instance created by the app that is connected while the page is open. */
function onInstances(): BrokerClient {
  const pages: { readonly instance: Pusher; open: number }[] = [];
  return {
    transport: ({ key, host, port }) => {
      const instance = new Pusher(key, {
        cluster: "",
        wsHost: host,
        wsPort: port,
        forceTLS: false,
        enabledTransports: ["ws"],
        // Timeouts of an app that wants to detect a dead socket.
        activityTimeout: 10_000,
        pongTimeout: 4_000,
      });
      const page = { instance, open: 0 };
      pages.push(page);
      const transport = pusher(instance);
      return {
        ...transport,
        connect: (handlers, appKey) => {
          page.open += 1;
          const connection = transport.connect(handlers, appKey);
          let isOpen = true;
          return {
            ...connection,
            close: () => {
              connection.close();
              if (isOpen) page.open -= 1;
              isOpen = false;
            },
          };
        },
      };
    },
    idleSockets: () =>
      pages.filter(({ instance, open }) => open === 0 && instance.connection.state === "connected")
        .length,
    // After an attempt that fails at once, `pusher-js` waits 15 s, then twice as long.
    returnMs: 35_000,
    close: () => {
      for (const { instance } of pages) instance.disconnect();
    },
  };
}

export const brokerClients = {
  "pusher-js": ofOurOwn(pusher),
  "pusher-js of the app": onInstances,
  slim: ofOurOwn(slim),
} as const satisfies Record<string, () => BrokerClient>;

export type BrokerClientName = keyof typeof brokerClients;
/** Clients whose transport decides when to connect. */
export const ownClientNames = ["pusher-js", "slim"] as const satisfies readonly BrokerClientName[];
export const brokerClientNames = Object.keys(brokerClients) as BrokerClientName[];
