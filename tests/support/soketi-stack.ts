import { createRelayLog, type Relay, type SignalLog } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import type { LogDatabase } from "../integration/log-database.ts";
import { type BrokerClient, type BrokerClientName, brokerClients } from "./broker-clients.ts";
import { forgeEvent } from "./forge-event.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";
import { ownSoketiApp, type SoketiConnection } from "./soketi.ts";

interface Address {
  readonly host: string;
  readonly port: number;
}
export interface SoketiStackOptions {
  /** Transport of the pages. Default: a `pusher-js` instance created by the library. */
  readonly client?: BrokerClientName;
  /** Addresses of broker and database for the relay. Default: the real ones. */
  readonly relayTo?: { readonly database: Address; readonly broker: Address };
}

/** A stack of real parts: Soketi behind its guard, and {@link createPostgresStack}. */
export async function createSoketiStack({
  relayTo,
  client = "pusher-js",
}: SoketiStackOptions = {}): Promise<
  ConformanceStack & {
    readonly relay: Relay;
    readonly log: SignalLog;
    readonly database: LogDatabase;
    /** The app of the broker that this stack publishes to. */
    readonly soketi: SoketiConnection;
  }
> {
  const soketi = ownSoketiApp();
  const { line, ...proxy } = await createLine(soketi);
  const { host, port } = relayTo?.broker ?? soketi;
  const broker = createPusherBroker({ ...soketi, host, port, tls: false });
  const pages: BrokerClient = brokerClients[client]();
  const stack = await createPostgresStack({
    broker,
    readLog: createRelayLog,
    ...(relayTo && { relayTo: relayTo.database }),
  });
  return {
    ...stack,
    soketi,
    line: {
      ...line,
      sockets: () => line.sockets() - pages.idleSockets(),
      ...(pages.returnMs !== undefined && { returnMs: pages.returnMs }),
    },
    transport: () => pages.transport({ key: soketi.key, host: proxy.host, port: proxy.port }),
    forge: (channel, name, data) => forgeEvent(soketi, { channel, name, data }),
    close: async () => {
      await stack.close();
      broker.close();
      pages.close();
      await proxy.close();
    },
  };
}
