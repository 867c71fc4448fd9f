import type { QueryClient } from "@tanstack/react-query";
import { createRealtimeClient } from "../../src/realtime/client/client.ts";
import type { RealtimeClientOptions } from "../../src/realtime/client/realtime-client.ts";
import type { Transport, TransportHandlers } from "../../src/realtime/client/transport.ts";
import { toWireName } from "../../src/realtime/protocol/wire-name.ts";
import { createQueryBridge } from "../../src/realtime/query/bridge.ts";
import { createFakeRoute } from "../../src/realtime/testing/fakes/fake-route.ts";

/** A client and its bridge with a broker and a route that cost nothing, so that only the client is measured. */
export function connect(
  queryClient: QueryClient,
  channels: RealtimeClientOptions["channels"],
  signalName: string,
) {
  let handlers: TransportHandlers | undefined;
  const transport: Transport = {
    name: "bench",
    connect: (given) => {
      handlers = given;
      queueMicrotask(() => given.connected("1.1"));
      return {
        subscribe: (wireName) => queueMicrotask(() => given.subscribed(wireName)),
        unsubscribe: () => {},
        signIn: () => {},
        ping: (answered) => queueMicrotask(answered),
        close: () => {},
      };
    },
  };
  const client = createRealtimeClient({ channels, transport, fetch: createFakeRoute().fetch });
  const detach = createQueryBridge({ client, queryClient }).attach();
  let serial = 0;
  /** Parsed, as some brokers deliver it. */
  const frame = () => {
    serial += 1;
    return { v: 1, id: `s${serial}` };
  };
  return {
    frame,
    /** @param rows rows of an entity that travel with the signal */
    deliver: (channel: string, data: unknown = frame(), rows?: readonly unknown[]) =>
      handlers?.event(toWireName(channel, 0), signalName, data, rows),
    isLive: () => client.getState().status === "live",
    close: () => {
      detach();
      client.close();
    },
  };
}
