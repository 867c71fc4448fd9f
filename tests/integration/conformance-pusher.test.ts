import { createPusherBroker } from "@/realtime/transports/pusher/server.ts";
import { brokerClients, ownClientNames } from "../support/broker-clients.ts";
import { forgeEvent } from "../support/forge-event.ts";
import { startOwnSoketi } from "../support/soketi.ts";
import { conformance, type Delivery } from "./conformance.ts";

for (const name of ownClientNames) {
  conformance(`${name} and a real Soketi`, async (): Promise<Delivery> => {
    let soketi = await startOwnSoketi();
    const { host, port, appId, key, secret } = soketi;
    const broker = createPusherBroker({ host, port, appId, key, secret, tls: false });
    return {
      broker,
      transport: () => brokerClients[name]().transport({ key, host, port }),
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
}
