import {
  authorize,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createSignalLog,
} from "querycast/server";
import { channels } from "../channels.ts";
import { readAs, sql } from "./database.ts";
import { broker } from "./delivery.ts";
import { viewerOf } from "./viewer.ts";

const log = createSignalLog({ sql });

/** Publishes signals in the transaction that changes the data. */
export const { publish } = createPublisher({ channels, log });

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
