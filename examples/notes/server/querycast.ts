import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
} from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";
import { channels } from "../channels.ts";
import { readAs, sql } from "./database.ts";
import { viewerOf } from "./viewer.ts";

const log = createSignalLog({ sql });
const broker = createPusherBroker({
  appId: process.env.PUSHER_APP_ID ?? "",
  key: process.env.NEXT_PUBLIC_PUSHER_KEY ?? "",
  secret: process.env.PUSHER_SECRET ?? "",
  host: process.env.NEXT_PUBLIC_PUSHER_HOST ?? "",
  port: Number(process.env.NEXT_PUBLIC_PUSHER_PORT),
  tls: false, // true for a broker that is not on this machine
});

/** Publishes signals in the transaction that changes the data. */
export const { publish } = createPublisher({ channels, log });

/** Sends committed signals to the broker. One process of several relays, the others are ready to take over. */
export const createSiteRelay = () =>
  createRelay({
    log: createRelayLog({ open: postgresJs(process.env.DATABASE_URL ?? "") }),
    broker,
    onEvent: (event) => {
      if ("error" in event) console.error("relay", event);
    },
  });

/** Answers joins and catch-up. */
export const handleRealtime = createRealtimeHandler({
  // Who can read the board may join its channel: the same policies decide.
  authority: authorize(channels, {
    board: byRls(({ boardId }, { tx }) => tx`select from members where board_id = ${boardId}`),
  }),
  getViewer: (request) => viewerOf(request.headers.get("cookie")),
  read: readAs,
  log,
  broker,
  secret: process.env.QUERYCAST_SECRET ?? "",
  allowedOrigins: [process.env.SITE_ORIGIN ?? ""],
  onError: (error) => console.error("realtime", error),
});
