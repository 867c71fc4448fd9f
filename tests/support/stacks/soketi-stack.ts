import { createRelayLog, type Relay, type SignalLog } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import {
  type BrokerClient,
  type BrokerClientName,
  brokerClients,
} from "../broker/broker-clients.ts";
import { ownSoketiApp, type SoketiConnection } from "../broker/soketi.ts";
import type { LogDatabase } from "../database/log-database.ts";
import { forgeEvent } from "../hostile/forge-event.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";

interface Address {
  readonly host: string;
  readonly port: number;
}
export interface SoketiStackOptions {
  /** Transport of the pages. Default: a `pusher-js` instance created by the library. */
  readonly client?: BrokerClientName;
  /** Addresses of broker and database for the relay. Default: the real ones. */
  readonly relayTo?: { readonly database: Address; readonly broker: Address };
  /** The broker. Default: an app of the shared one. */
  readonly soketi?: SoketiConnection;
}

/** A stack of real parts: Soketi behind its guard, and {@link createPostgresStack}. */
export async function createSoketiStack({
  relayTo,
  client = "pusher-js",
  soketi = ownSoketiApp(),
}: SoketiStackOptions = {}): Promise<
  ConformanceStack & {
    readonly relay: Relay;
    readonly log: SignalLog;
    readonly database: LogDatabase;
    /** The app of the broker that this stack publishes to. */
    readonly soketi: SoketiConnection;
  }
> {
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
