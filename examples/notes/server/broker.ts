import { postgresJs } from "querycast/postgres-js";
import { createRelay, createRelayLog } from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";

/** Delivers signals through a broker. One process of several relays, the others are ready to take over. */
export function deliverByBroker() {
  const broker = createPusherBroker({
    appId: process.env.PUSHER_APP_ID ?? "",
    key: process.env.NEXT_PUBLIC_PUSHER_KEY ?? "",
    secret: process.env.PUSHER_SECRET ?? "",
    host: process.env.NEXT_PUBLIC_PUSHER_HOST ?? "",
    port: Number(process.env.NEXT_PUBLIC_PUSHER_PORT),
    tls: false, // true for a broker that is not on this machine
  });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(process.env.DATABASE_URL ?? "") }),
    broker,
    onEvent: (event) => {
      if ("error" in event) console.error("relay", event);
    },
  });
  return { broker, relay };
}
