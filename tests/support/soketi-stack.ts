import { createRelayLog, type Relay, type SignalLog } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { pusher } from "../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { forgeEvent } from "./forge-event.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";
import { sharedSoketi } from "./soketi.ts";

/** Nothing made up: Soketi behind its guard, pusher-js, and all that {@link createPostgresStack} has. */
export async function createSoketiStack(): Promise<
  ConformanceStack & { readonly relay: Relay; readonly log: SignalLog }
> {
  const soketi = sharedSoketi();
  const { line, ...proxy } = await createLine(soketi);
  const broker = createPusherBroker({ ...soketi, tls: false });
  const stack = await createPostgresStack({ broker, readLog: createRelayLog });
  return {
    ...stack,
    line,
    transport: () => pusher({ key: soketi.key, host: proxy.host, port: proxy.port, tls: false }),
    forge: (channel, name, data) => forgeEvent(soketi, { channel, name, data }),
    close: async () => {
      await stack.close();
      broker.close();
      await proxy.close();
    },
  };
}
