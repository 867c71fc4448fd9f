import { pusher } from "@/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "@/realtime/transports/pusher/server.ts";
import { forgeEvent } from "../support/forge-event.ts";
import { startOwnSoketi } from "../support/soketi.ts";
import { conformance, type Delivery } from "./conformance.ts";

conformance("a real Soketi", async (): Promise<Delivery> => {
  let soketi = await startOwnSoketi();
  const { host, port, appId, key, secret } = soketi;
  const broker = createPusherBroker({ host, port, appId, key, secret, tls: false });
  return {
    broker,
    transport: () => pusher({ key, host, port, tls: false }),
    cut: () => soketi.kill(),
    restore: async () => {
      soketi = await startOwnSoketi({ port });
    },
    forge: (channel, name, data) =>
      forgeEvent(soketi, { channel, name, data: JSON.stringify(data) }),
    close: async () => {
      broker.close();
      await soketi.stop();
    },
  };
});
