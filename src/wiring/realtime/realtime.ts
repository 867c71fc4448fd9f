import {
  createCatchUpRecord,
  createFollowLog,
  createPageCursors,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalInspector,
  type Relay,
  type RelayEvent,
} from "querycast/server";
import {
  createRawStreamHandler,
  createStreamFollower,
  type RawStreamHandler,
} from "querycast/transports/sse/server";
import { channels } from "@/channels/index.ts";
import type { PublicTransport } from "@/lib/env/broker.ts";
import type { LogLevel } from "@/lib/env/variables.ts";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/logging/log.ts";
import { pageViewerHeader } from "@/lib/pages/page-viewer.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "../auth.ts";
import { database } from "../database.ts";
import { metrics } from "../metrics/metrics.ts";
import { createAccess } from "./access/access.ts";
import { createForeignOrigins } from "./access/foreign-origins.ts";
import { createJoinRecord } from "./access/join-record.ts";
import { rollout } from "./access/rollout.ts";
import type { SiteViewer } from "./access/rules.ts";
import { broker, hub } from "./broker/broker.ts";
import { ephemeral } from "./ephemeral.ts";
import { createRelayRecord } from "./relay/relay-record.ts";
import { relaySession } from "./relay/relay-session.ts";
import { readLog, signalLog } from "./relay/signal-log.ts";

/** Publishes signals in a transaction; see {@link createPublisher}. */
export const publish = createPublisher({ channels, log: signalLog() }).publish;

/** Creates the cursors of one page, read before its data. */
export const newPageCursors = () =>
  singleton("page-cursors", () =>
    createPageCursors({
      log: signalLog(),
      secret: env().querycastSecret,
      onError: (error) =>
        log.warn("reading cursors failed; the page will catch up from scratch", { error }),
    }),
  )();

const catchUps = () => singleton("catch-ups", createCatchUpRecord);

/** Inspector of the signal log for operators: contents, backlog, and the trace of a signal. */
export const signalInspector = () =>
  singleton("signal-inspector", () =>
    createSignalInspector({ sql: readLog, catchUps: catchUps() }),
  );

/** The settings that browsers need to connect now. */
export async function publicTransport(): Promise<PublicTransport> {
  const { transport, broker: configured } = env();
  if (transport === "sse") return { type: "sse" };
  if (configured === null) return { type: "pull" };
  const key = (await broker()?.apps?.())?.current ?? configured.public.key;
  return { type: transport === "slim" ? "slim" : "pusher", ...configured.public, key };
}

/**
 * The viewer of a request. Null also when the page was rendered for another account than that of the
 * cookie.
 */
async function getViewer(request: Request): Promise<SiteViewer | null> {
  const session = await auth().getViewerFrom(request);
  const madeFor = request.headers.get(pageViewerHeader);
  if (madeFor !== null && madeFor !== session?.userId) return null;
  return session && { id: session.userId, sessionId: session.sessionId, role: session.role };
}

/** Shared by both routes, so that an origin is logged once. */
const foreignOrigins = () =>
  singleton("foreign-origins", () => createForeignOrigins({ warn: log.warn }));

/**
 * Milliseconds since the backlog was last known to be empty: with a broker for any relay, with streams for
 * the follower of this process. Null if it never was.
 */
export const relayAgeMs = async (): Promise<number | null> =>
  (await (hub() ?? signalLog()).relayAgeMs?.()) ?? null;

/** The handler of the realtime route. */
export const realtimeHandler = () =>
  singleton("realtime-handler", () =>
    createRealtimeHandler({
      ...createAccess(database(), rollout()),
      getViewer,
      log: signalLog(),
      broker: broker(),
      ephemeral: ephemeral(),
      secret: env().querycastSecret,
      allowedOrigins: env().allowedOrigins,
      onRelaySilent: (ageMs) =>
        log.error(
          "No relay delivers signals, so open pages poll. Run one process with RELAY=on and check its log.",
          { lastDeliveredMsAgo: ageMs },
        ),
      onForeignOrigin: foreignOrigins(),
      onError: (error) => log.error("realtime route", { error }),
      onAnswer: (answer) => metrics().answered(answer),
      onDecision: joinRecord().note,
      onCatchUp: catchUps().note,
    }),
  );

/** The record of granted and refused joins, for admins. */
const joinRecord = () =>
  singleton("join-record", () =>
    createJoinRecord({
      database: database(),
      onError: (error) => log.warn("channel joins could not be recorded", { error }),
    }),
  );

const relayEventLevels: Readonly<Record<RelayEvent["type"], LogLevel>> = {
  published: "debug", // dozens per second, and counted by the metrics
  leading: "info",
  standby: "info",
  pruned: "info",
  restored: "warn",
  "set-aside": "error",
  "broker-failed": "warn",
  "database-failed": "warn",
};

/** The relay report that the admin console of every process shows. */
const relayRecord = () =>
  createRelayRecord({
    database: database(),
    onError: (error) => log.warn("the relay report could not be written", { error }),
  });

const noteRelayed = (event: RelayEvent) => {
  metrics().relayed(event);
  log[relayEventLevels[event.type]]("relay", event);
};

/** Follows the log while this process has open streams; null with other transports. */
const follower = () =>
  singleton("follower", () => {
    const target = hub();
    if (target === null) return null;
    const open = relaySession();
    return createStreamFollower({
      hub: target,
      relay: (to) =>
        createRelay({
          // No other reader of the log needs its rows.
          log: createFollowLog({ open, prunes: true }),
          broker: to,
          rollout: rollout(),
          spacingMs: 16, // as often as the hub sends rows
          onEvent: noteRelayed,
        }),
    });
  });

/** The relay of this process; null when it does not run one. */
export function relay(): Relay | null {
  return singleton("relay", () => {
    // With streams each process follows the log and reports for itself.
    if (hub() !== null) return follower();
    const target = broker();
    if (target === null || !env().relay) return null;
    const record = relayRecord();
    return createRelay({
      log: createRelayLog({ open: relaySession() }),
      broker: target,
      rollout: rollout(),
      onEvent: (event) => {
        noteRelayed(event);
        record.note(event);
      },
    });
  });
}

const noStreams: RawStreamHandler = async (_request, response) => {
  response.writeHead(404, { "cache-control": "no-store" }).end();
};

/** The handler of the stream route; answers 404 with other transports. */
export const streamHandler = () =>
  singleton("stream-handler", () => {
    const [target, feed] = [hub(), follower()];
    if (target === null || feed === null) return noStreams;
    return createRawStreamHandler({
      hub: target,
      relay: feed,
      getViewer,
      allowedOrigins: env().allowedOrigins,
      onForeignOrigin: foreignOrigins(),
      onError: (error) => log.error("stream route", { error }),
      onAnswer: (answer) => metrics().answered(answer),
    });
  });
