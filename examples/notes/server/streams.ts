import { postgresJs } from "querycast/postgres-js";
import { createFollowLog, createRelay } from "querycast/server";
import { createSseHub, createStreamFollower } from "querycast/transports/sse/server";

/** Next loads this module several times in one process. All of them share one hub. */
const shared = globalThis as { notesStreams?: ReturnType<typeof create> };

/** Delivers signals over streams of this process. It reads the log while it has open streams. */
export function deliverByStreams() {
  shared.notesStreams ??= create();
  return shared.notesStreams;
}

function create() {
  const open = postgresJs(process.env.DATABASE_URL ?? "");
  const hub = createSseHub({ secret: process.env.QUERYCAST_SECRET ?? "" });
  const relay = createStreamFollower({
    hub,
    relay: (broker) =>
      createRelay({
        log: createFollowLog({ open, prunes: true }),
        broker,
        onEvent: (event) => {
          if ("error" in event) console.error("relay", event);
        },
      }),
  });
  return { broker: hub, relay };
}
