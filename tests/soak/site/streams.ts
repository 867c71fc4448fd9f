import { postgresJs } from "querycast/postgres-js";
import { createFollowLog, createRelay, type SignalLog } from "querycast/server";
import type { Database } from "@/db/database.ts";
import { createEvidenceKeys } from "@/lib/evidence/signing.ts";
import type { SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { createEntityReads } from "@/wiring/realtime/entities.ts";
import {
  createRawStreamHandler,
  createSseHub,
  type SseHub,
} from "../../../src/realtime/transports/sse/server.ts";
import { serveRaw } from "../../support/servers/serve-raw.ts";
import type { Address } from "./lines.ts";
import { rememberDeliveries } from "./remember-deliveries.ts";

/** A process that serves streams, which carry rows of entities. */
export interface Streams {
  readonly hub: SseHub;
  readonly address: Address;
  /** A header that identifies a member to the streams. */
  readonly headerOf: (member: SiteViewer) => Readonly<Record<string, string>>;
  /** Publishes the last deliveries again, in reverse order. */
  readonly repeat: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface StreamsOptions {
  readonly database: Database;
  readonly log: SignalLog;
  readonly appUrl: string;
  readonly secret: string;
  /** Called with each error that was handled. */
  readonly onError: (error: unknown) => void;
}

export async function startStreams({
  database,
  log,
  appUrl,
  secret,
  onError,
}: StreamsOptions): Promise<Streams> {
  const members = new Map<string, SiteViewer>();
  // The site of the soak has no observations.
  const keys = createEvidenceKeys({ signingKey: null, formerKeys: [] });
  const hub = createSseHub({ secret, onError, entities: createEntityReads(database, log, keys) });
  const { remembering, repeat } = rememberDeliveries();
  const open = postgresJs(appUrl, {
    connection: { role: "app_relay", application_name: "soak streams" },
  });
  const relay = createRelay({ log: createFollowLog({ open }), broker: remembering(hub) });
  relay.start();
  const handle = createRawStreamHandler({
    hub,
    relay,
    getViewer: async (request) => members.get(request.headers.get("authorization") ?? "") ?? null,
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
    onError,
  });
  const served = await serveRaw((request, response) => void handle(request, response));
  return {
    hub,
    address: served,
    headerOf: (member) => {
      const sessionId = member.sessionId ?? member.id;
      members.set(sessionId, member);
      return { authorization: sessionId };
    },
    repeat: () => repeat(hub),
    close: async () => {
      hub.close();
      await relay.stop();
      await served.close();
    },
  };
}
