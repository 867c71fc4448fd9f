import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  type RealtimeHandler,
  type Relay,
  type Sql,
} from "querycast/server";
import { createPusherBroker } from "querycast/transports/pusher/server";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { createDatabase, type Database } from "@/db/database.ts";
import { persistNotification } from "@/features/notifications/persist-notification.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import type { NotificationCause } from "@/wiring/context-types.ts";
import { type Contexts, createContexts } from "@/wiring/create-contexts.ts";
import { takeJobRequests } from "@/wiring/job-requests.ts";
import { authority, type SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { startHandOver } from "../../../inngest/hand-over.ts";
import type { Random } from "../random.ts";
import { summarize } from "../summarize.ts";
import type { BrokerSwitch } from "./broker-switch.ts";
import type { Lines } from "./lines.ts";
import { rememberDeliveries } from "./remember-deliveries.ts";
import type { ScenarioDatabase } from "./scenario-database.ts";
import { type Streams, startStreams } from "./streams.ts";

/** A relay as in a separate process. */
export interface RelayProcess {
  readonly relay: Relay;
  /** `application_name` of its Postgres connection. */
  readonly applicationName: string;
}

/** The server side of Inkwell, composed as in `src/wiring`, with connections that can fail. */
export interface Site {
  readonly database: Database;
  readonly contexts: Contexts;
  /** Calls the realtime route as a member: of the broker, or of the streams. */
  readonly handle: (
    over: "broker" | "streams",
    member: SiteViewer,
    request: Request,
  ) => Promise<Response>;
  /** Where pages over streams connect. */
  readonly streams: Streams;
  readonly relays: readonly RelayProcess[];
  /** Publishes the last deliveries again, in reverse order. */
  readonly repeat: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SiteOptions {
  readonly database: ScenarioDatabase;
  readonly soketi: BrokerSwitch["connection"];
  readonly lines: Lines;
  readonly relays: number;
  readonly random: Random;
  /** Called with each error that was handled. */
  readonly say: (what: string) => void;
  /** Called when a relay fails and when the leader changes. */
  readonly relayFailed: () => void;
}

const secret = "a secret of at least 32 characters";

export async function createSite({
  lines,
  random,
  relays,
  say,
  soketi,
  ...options
}: SiteOptions): Promise<Site> {
  const database = createDatabase(options.database.appUrl, { maxConnections: 12 });
  const sql: Sql = (text, ...values) => database.asRelay(async (tx) => toSql(tx)(text, ...values));
  const log = createSignalLog({ sql });
  const { publish } = createPublisher({ channels, log });
  const wakeSignal = createWakeSignal();
  const contexts = createContexts({ database, publish, jobWakeSignal: wakeSignal });
  const direct = createPusherBroker({ ...soketi, tls: false });
  const members = new WeakMap<Request, SiteViewer>();
  const routeOver = (broker: Broker): RealtimeHandler =>
    createRealtimeHandler({
      authority,
      getViewer: async (request) => members.get(request) ?? null,
      read: ({ id, role }, fn) => database.readAs({ userId: id, role }, fn),
      log,
      broker,
      secret,
      allowedOrigins: [],
      onError: (error) => say(`route: ${summarize(error)}`),
    });
  const streams = await startStreams({
    database,
    log,
    secret,
    appUrl: options.database.appUrl,
    onError: (error) => say(`streams: ${summarize(error)}`),
  });
  const handlers = { broker: routeOver(direct), streams: routeOver(streams.hub) };

  const jobs = startHandOver({
    take: (send) => takeJobRequests(database, send),
    send: async (requests) => {
      for (const { data } of requests) {
        await contexts.job((context) => persistNotification(context, data as NotificationCause));
      }
    },
    wakeSignal,
    onError: (error) => say(`jobs: ${summarize(error)}`),
    random: random.next,
  });

  const { remembering, repeat } = rememberDeliveries();
  const startRelay = (which: number) => {
    const applicationName = `soak relay ${which}`;
    const { host, port } = lines.address({ of: "relay-to-postgres", which });
    const url = Object.assign(new URL(options.database.appUrl), { host: `${host}:${port}` }).href;
    const open = postgresJs(url, {
      connection: { role: "app_relay", application_name: applicationName },
    });
    const address = lines.address({ of: "relay-to-broker", which });
    const broker = createPusherBroker({ ...soketi, ...address, tls: false });
    const relay = createRelay({
      log: createRelayLog({ open }),
      broker: remembering(broker),
      random: random.next,
      onEvent: (event) => {
        if (event.type === "published") return;
        options.relayFailed();
        say(`relay ${which}: ${describeEvent(event)}`);
      },
    });
    relay.start();
    return { relay, applicationName, broker };
  };
  const running = Array.from({ length: relays }, (_, which) => startRelay(which));

  return {
    database,
    contexts,
    relays: running,
    streams,
    handle: (over, member, request) => {
      members.set(request, member);
      return handlers[over](request);
    },
    repeat: async () => {
      await repeat(direct);
      await streams.repeat();
    },
    close: async () => {
      await streams.close();
      await Promise.all(running.map(({ relay }) => relay.stop()));
      await jobs.stop();
      for (const { broker } of running) broker.close();
      direct.close();
      await database.close();
    },
  };
}

function describeEvent({
  type,
  ...rest
}: {
  readonly type: string;
  readonly error?: unknown;
}): string {
  return rest.error === undefined ? type : `${type}: ${summarize(rest.error)}`;
}
