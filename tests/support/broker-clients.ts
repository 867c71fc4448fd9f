import Pusher from "pusher-js";
import type { Transport } from "querycast";
import { pusher } from "../../src/realtime/transports/pusher/client.ts";
import { slim } from "../../src/realtime/transports/pusher/slim.ts";

interface Address {
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

/** One way in which pages reach a broker that speaks the Pusher protocol. */
export interface BrokerClient {
  /** What a page connects with, without TLS. */
  transport(address: Address): Transport;
  /** Sockets of the app's own that no connection of ours uses now. */
  idleSockets(): number;
  /** The broker is found again within it, where the app's instance and not we decide when to look. */
  readonly returnMs?: number;
  /** Ends what belongs to the app and not to a transport. */
  close(): void;
}

const ofOurOwn = (make: (options: Address & { readonly tls: false }) => Transport) => () => ({
  transport: (address: Address) => make({ ...address, tls: false }),
  idleSockets: () => 0,
  close: () => {},
});

/** Each page has an instance of the app's, connected for as long as the page is open. */
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
        // As an app sets them that wants to notice a dead socket.
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
    // After an attempt that failed at once `pusher-js` waits 15 s before the next, then twice as long.
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
/** Those that connect when the client decides to. */
export const ownClientNames = ["pusher-js", "slim"] as const satisfies readonly BrokerClientName[];
export const brokerClientNames = Object.keys(brokerClients) as BrokerClientName[];
