import {
  createCatchUpRecord,
  createFollowLog,
  createPageCursors,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalInspector,
  createSignalLog,
  type Relay,
  type RelayEvent,
  type Sql,
} from "querycast/server";
import { createStreamHandler, type StreamHandler } from "querycast/transports/sse/server";
import { toSql } from "@/db/to-sql.ts";
import { env, type LogLevel, type PublicTransport } from "@/lib/env.ts";
import { log } from "@/lib/log.ts";
import { pageViewerHeader } from "@/lib/page-viewer.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "./auth.ts";
import { broker, hub } from "./broker.ts";
import { database } from "./database.ts";
import { createForeignOrigins } from "./foreign-origins.ts";
import { createHearingRecord } from "./hearing-record.ts";
import { channels } from "./inventory.ts";
import { metrics } from "./metrics.ts";
import { createRelayRecord } from "./relay-record.ts";
import { relaySession } from "./relay-session.ts";
import { createBans, rollout } from "./rollout.ts";
import { authority, type Member } from "./rules.ts";

/** Single statements with the rights to read the log, and nothing of the site. */
export const readLog: Sql = (text, ...values) =>
  database().asRelay(async (tx) => toSql(tx)(text, ...values));

const signalLog = () => singleton("signal-log", () => createSignalLog({ sql: readLog }));

/** Writes signals in a transaction; see {@link createPublisher}. */
export const publish = createPublisher({ channels, log: signalLog() }).publish;

/** Where the log stands before a page is read; one for each page. */
export const newPageCursors = () =>
  singleton("page-cursors", () =>
    createPageCursors({
      log: signalLog(),
      secret: env().querycastSecret,
      onError: (error) => log.warn("a page goes without cursors", { error }),
    }),
  )();

const catchUps = () => singleton("catch-ups", createCatchUpRecord);

/** For operators: what the log holds, what waits, and where one signal has been. */
export const signalInspector = () =>
  singleton("signal-inspector", () =>
    createSignalInspector({ sql: readLog, catchUps: catchUps() }),
  );

/** What browsers need to hear of changes from now on. */
export async function publicTransport(): Promise<PublicTransport> {
  const { transport, broker: configured } = env();
  if (transport === "sse") return { type: "sse" };
  if (configured === null) return { type: "pull" };
  const key = (await broker()?.apps?.())?.current ?? configured.public.key;
  return { type: transport === "slim" ? "slim" : "pusher", ...configured.public, key };
}

/** Null also for a page that was rendered for another account than the one of the cookie. */
async function getViewer(request: Request): Promise<Member | null> {
  const session = await auth().getViewerFrom(request);
  const madeFor = request.headers.get(pageViewerHeader);
  if (madeFor !== null && madeFor !== session?.userId) return null;
  return session && { id: session.userId, sessionId: session.sessionId, role: session.role };
}

/** One for both routes, so that an origin is logged once. */
const foreignOrigins = () =>
  singleton("foreign-origins", () => createForeignOrigins({ warn: log.warn }));

/**
 * How long ago signals were last known to be delivered: over a broker by any relay, over streams by the
 * follower of this process. Null where none ever has.
 */
export const relayAgeMs = async (): Promise<number | null> =>
  (await (hub() ?? signalLog()).relayAgeMs?.()) ?? null;

/** Answers the one route of the library. */
export const realtimeHandler = () =>
  singleton("realtime-handler", () =>
    createRealtimeHandler({
      authority,
      getViewer,
      read: ({ id, role }, fn) => database().readAs({ userId: id, role }, fn),
      log: signalLog(),
      broker: broker(),
      rollout: rollout(),
      restrict: createBans(database()),
      secret: env().querycastSecret,
      allowedOrigins: env().allowedOrigins,
      onRelaySilent: (ageMs) =>
        log.error(
          "No relay delivers signals, so open pages poll. Run one process with RELAY=on, and see its log.",
          { lastDeliveredMsAgo: ageMs },
        ),
      onForeignOrigin: foreignOrigins(),
      onError: (error) => log.error("realtime route", { error }),
      onAnswer: (answer) => metrics().answered(answer),
      onDecision: hearingRecord().note,
      onCatchUp: catchUps().note,
    }),
  );

/** Who was let in and who was kept out, for admins. */
const hearingRecord = () =>
  singleton("hearing-record", () =>
    createHearingRecord({
      database: database(),
      onError: (error) => log.warn("who was let in is not noted", { error }),
    }),
  );

const relayEventLevels: Readonly<Record<RelayEvent["type"], LogLevel>> = {
  published: "debug", // dozens a second, and the metrics count them
  leading: "info",
  standby: "info",
  pruned: "info",
  restored: "warn",
  "set-aside": "error",
  "broker-failed": "warn",
  "database-failed": "warn",
};

/** What the console of every process shows about the leading relay. */
const relayRecord = () =>
  createRelayRecord({
    database: database(),
    onError: (error) => log.warn("the report of the relay is not written", { error }),
  });

/** The relay of this process, or null where it has nothing to relay to. */
export function relay(): Relay | null {
  return singleton("relay", () => {
    const target = broker();
    if (target === null || !env().relay) return null;
    const open = relaySession();
    // Over streams each process follows for itself, and reports for itself.
    const record = hub() === null ? relayRecord() : null;
    return createRelay({
      // Streams have no other reader of the log beside them that would wait for something in it.
      log: hub() === null ? createRelayLog({ open }) : createFollowLog({ open, prunes: true }),
      broker: target,
      rollout: rollout(),
      onEvent: (event) => {
        metrics().relayed(event);
        record?.note(event);
        log[relayEventLevels[event.type]]("relay", event);
      },
    });
  });
}

const noStreams: StreamHandler = async () =>
  new Response(null, { status: 404, headers: { "cache-control": "no-store" } });

/** Answers the route of the streams; there is nothing where signals take another way. */
export const streamHandler = () =>
  singleton("stream-handler", () => {
    const [target, feed] = [hub(), relay()];
    if (target === null || feed === null) return noStreams;
    return createStreamHandler({
      hub: target,
      relay: feed,
      getViewer,
      allowedOrigins: env().allowedOrigins,
      onForeignOrigin: foreignOrigins(),
      onError: (error) => log.error("stream route", { error }),
      onAnswer: (answer) => metrics().answered(answer),
    });
  });
