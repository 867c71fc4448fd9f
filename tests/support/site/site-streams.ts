import {
  createRealtimeClient,
  type JoinResult,
  type RealtimeClient,
  type RealtimeClientOptions,
} from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createEphemeral,
  createFollowLog,
  createRealtimeHandler,
  createRelay,
  createSignalLog,
  type Ephemeral,
} from "querycast/server";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import type { Database } from "@/db/database.ts";
import { createBans } from "@/wiring/realtime/access/rollout.ts";
import { authority, type SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { createEntityReads } from "@/wiring/realtime/entities.ts";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import {
  createRawStreamHandler,
  createSseHub,
  createStreamFollower,
} from "../../../src/realtime/transports/sse/server.ts";
import type { SiteDatabase } from "../database/site-database.ts";
import { keys } from "../rigs/evidence-rig.ts";
import { serveRaw } from "../servers/serve-raw.ts";
import { serveRoute } from "../servers/serve-route.ts";

/** An event of a stream, as it was sent. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** A client that opens streams by `fetch` and obeys nothing that they say. */
export interface HostileStream {
  readonly events: readonly StreamEvent[];
  /** Wire names and names of the signals so far. */
  signals(): readonly (readonly [wireName: string, name: string])[];
  readonly socketId: string;
  /** The wire names and their signatures. */
  readonly signed: readonly { readonly wireName: string; readonly auth: string }[];
  /** Opens another stream with the same signatures, beside the first. */
  reopen(): Promise<void>;
}

/** A process of the site that serves streams: the realtime route with the site's rules, the hub and its relay. */
export interface SiteStreams {
  /** A page of the site. Closed with the process. */
  openBrowser(
    viewer: SiteViewer,
    options?: Partial<Pick<RealtimeClientOptions, "channels" | "onReport">>,
  ): RealtimeClient;
  /** Sends a message on an ephemeral channel of the site. */
  readonly send: Ephemeral["send"];
  /** Sends a request over HTTP to the realtime route, or to the route of streams. Null: without a session. */
  post(to: "route" | "stream", viewer: SiteViewer | null, body: object): Promise<Response>;
  openHostile(viewer: SiteViewer, names: readonly string[]): Promise<HostileStream>;
  close(): Promise<void>;
}

const secret = "a secret of at least 32 characters";
const headers = { "content-type": "application/json" };

/** @param topics reads the rows of entities. Default: the database of the site. */
export async function createSiteStreams(
  site: SiteDatabase,
  topics: Pick<Database, "asTopic"> = site.database,
): Promise<SiteStreams> {
  const log = createSignalLog({
    sql: (text, ...values) => site.database.asRelay(async (tx) => toSql(tx)(text, ...values)),
  });
  const hub = createSseHub({ secret, entities: createEntityReads(topics, log, keys) });
  const open = postgresJs(site.appUrl, { connection: { role: "app_relay" } });
  const relay = createStreamFollower({
    hub,
    relay: (broker) => createRelay({ log: createFollowLog({ open }), broker }),
  });
  relay.start();
  const ephemeral = createEphemeral({ channels, log, broker: hub });
  /** The viewers by the header that stands for a session. */
  const members = new Map<string, SiteViewer>();
  const getViewer = async (request: Request) =>
    members.get(request.headers.get("authorization") ?? "") ?? null;
  const route = createRealtimeHandler({
    authority,
    getViewer,
    read: ({ id, role }, fn) => site.database.readAs({ userId: id, role }, fn),
    log,
    secret,
    ephemeral,
    broker: hub,
    restrict: createBans(site.database),
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  const handle = createRawStreamHandler({
    hub,
    relay,
    getViewer,
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  const served = await serveRaw((request, response) => void handle(request, response));
  const endpoint = `http://${served.host}:${served.port}/`;
  const servedRoute = await serveRoute(route);
  const routeEndpoint = `http://${servedRoute.host}:${servedRoute.port}/`;
  const closers: (() => void)[] = [];

  const withSession = (viewer: SiteViewer, init: RequestInit = {}) => {
    members.set(viewer.id, viewer);
    return { ...init, headers: { ...headers, ...init.headers, authorization: viewer.id } };
  };
  const post: SiteStreams["post"] = (to, viewer, body) => {
    const init = { method: "POST", headers, body: JSON.stringify({ v: 1, ...body }) };
    const url = to === "route" ? routeEndpoint : endpoint;
    return fetch(url, viewer === null ? init : withSession(viewer, init));
  };

  return {
    openBrowser: (viewer, options) => {
      const fetchAs: typeof fetch = (url, init) => fetch(url, withSession(viewer, init));
      const client = createRealtimeClient({
        channels,
        endpoint: routeEndpoint,
        fetch: fetchAs,
        transport: sse({ endpoint, fetch: fetchAs }),
        ...options,
      });
      closers.push(client.close);
      return client;
    },
    post,
    send: ephemeral.send,
    openHostile: async (viewer, names) => {
      const events: StreamEvent[] = [];
      const listen = async (socketId: string | null, signed: readonly object[]) => {
        const gone = new AbortController();
        closers.push(() => gone.abort());
        const body = JSON.stringify({ v: 1, socketId, channels: signed });
        const init = withSession(viewer, { method: "POST", body, signal: gone.signal });
        const chunks = readEvents(await fetch(endpoint, init));
        const first = (await chunks.next()).value;
        if (first?.event !== "connected") throw new Error(`No stream: ${JSON.stringify(first)}`);
        const second = (await chunks.next()).value;
        events.push(first, ...(second ? [second] : []));
        const goOn = async () => {
          for await (const event of chunks) events.push(event);
        };
        goOn().catch(() => {});
        return first.data as { socketId: string };
      };
      const { socketId } = await listen(null, []);
      const joined = await post("route", viewer, { type: "join", socketId, channels: names });
      const answer = (await joined.json()) as {
        readonly results: readonly Extract<JoinResult, { readonly status: "joined" }>[];
      };
      const refused = answer.results.filter(({ status }) => status !== "joined");
      if (refused.length > 0) throw new Error(`Not joined: ${JSON.stringify(refused)}`);
      const signed = answer.results.map(({ wireName, auth }) => ({ wireName, auth }));
      await listen(socketId, signed);
      return {
        events,
        socketId,
        signed,
        signals: () =>
          events
            .filter(({ event }) => event === "signal")
            .map(({ data }) => data as [string, string])
            .map(([wireName, name]) => [wireName, name]),
        reopen: async () => {
          await listen(socketId, signed);
        },
      };
    },
    close: async () => {
      for (const close of closers) close();
      ephemeral.close();
      hub.close();
      await relay.stop();
      await Promise.all([served.close(), servedRoute.close()]);
    },
  };
}

/** The events of a response, one after the other. */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event !== undefined) yield { event, data: JSON.parse(data ?? "null") as unknown };
    }
  }
}
