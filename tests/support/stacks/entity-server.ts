import postgres from "postgres";
import { channel, defineChannels, ids } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  createFollowLog,
  createRealtimeHandler,
  createRelay,
  createSignalLog,
  type Sql,
  type Viewer,
} from "querycast/server";
import {
  createRawStreamHandler,
  createSseHub,
  readEntities,
} from "../../../src/realtime/transports/sse/server.ts";
import { port } from "../database/log-database.ts";
import { serveRaw } from "../servers/serve-raw.ts";
import { serveRoute } from "../servers/serve-route.ts";

export const entityChannels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.content", ids("contentId")).signal("chat.renamed"),
  chart: channel("chart.{chartId}").entity("chart.point", ids("pointId")),
  org: channel("org.{orgId}").signal("org.changed"),
  user: channel("user.{userId}").signal("user.notified"),
});

export interface Content {
  readonly id: string;
  readonly chat_id: string;
  readonly version: number;
  readonly text: string;
}

/** The state that a server sends to the process that started it. */
export interface ChatServerState {
  readonly routeUrl: string;
  readonly streamsUrl: string;
  /** The ids of each SELECT so far. */
  readonly selects: readonly (readonly string[])[];
}

const secret = "a secret of at least 32 characters";
const toViewer = (header: string | null): Viewer | null =>
  header === null ? null : { id: header };

/** Reads contents as the role of one chat. The points of a chart are contents as well. Records its SELECTs. */
function createTopicRead(reader: postgres.Sql) {
  const selects: (readonly string[])[] = [];
  const read = (topic: string, wanted: readonly string[]) =>
    reader.begin("read only", async (tx) => {
      selects.push(wanted);
      await tx`select set_config('role', 'log_test_topic', true), set_config('app.chat_id', ${topic}, true)`;
      const rows = await tx<Content[]>`
        select id, chat_id, version, text from contents where id = any (${[...wanted]}) order by n`;
      return new Map(rows.map((row) => [row.id, row]));
    });
  return { selects, read };
}

/** One server: a hub that reads contents, its relay, the route, and streams on raw responses. */
export async function startChatServer(readerUrl: string) {
  const reader = postgres(readerUrl, { max: 8, onnotice: () => {} });
  const log = createSignalLog({ sql: port(reader) });
  const { selects, read } = createTopicRead(reader);
  const errors: unknown[] = [];
  /** The channels that a viewer asked to join, in the order of the decisions. */
  const decisions: string[] = [];
  const hub = createSseHub({
    secret,
    streamsPerSession: 1_000,
    onError: (error) => errors.push(error),
    entities: readEntities(entityChannels, log, {
      chat: { "chat.content": ({ chatId }, wanted) => read(chatId, wanted) },
      chart: { "chart.point": ({ chartId }, wanted) => read(chartId, wanted) },
    }),
  });
  const relay = createRelay({
    log: createFollowLog({ open: postgresJs(readerUrl) }),
    broker: hub,
  });
  relay.start();
  const getViewer = async (request: Request) => toViewer(request.headers.get("authorization"));
  const readAs = <Result>({ id }: Viewer, fn: (tx: Sql) => Promise<Result>) =>
    reader.begin("read only", async (tx) => {
      await tx`select set_config('app.user_id', ${id}, true)`;
      return fn(port(tx));
    }) as Promise<Result>;
  const decide = (name: string, isAllowed: boolean | PromiseLike<boolean>) => {
    decisions.push(name);
    return isAllowed;
  };
  const isBanned = async (tx: Sql, chatId: string, { id }: Viewer) =>
    (await tx`select from bans where chat_id = ${chatId} and user_id = ${id}`).length > 0;
  const route = await serveRoute(
    createRealtimeHandler({
      authority: authorize(entityChannels, {
        chat: async ({ chatId }, { viewer, tx }) =>
          decide(
            `chat.${chatId}`,
            (!chatId.startsWith("secret") || viewer.id === "owner") &&
              !(await isBanned(tx, chatId, viewer)),
          ),
        chart: ({ chartId }) => decide(`chart.${chartId}`, true),
        org: ({ orgId }) => decide(`org.${orgId}`, true),
        user: ({ userId }, { viewer }) => decide(`user.${userId}`, userId === viewer.id),
      }),
      getViewer,
      read: readAs,
      log,
      broker: hub,
      secret,
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    }),
  );
  const handle = createRawStreamHandler({
    hub,
    relay,
    getViewer,
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
  });
  const streams = await serveRaw((request, response) => void handle(request, response));
  const urls = {
    routeUrl: `http://${route.host}:${route.port}/`,
    streamsUrl: `http://${streams.host}:${streams.port}/`,
  };
  return {
    ...urls,
    hub,
    relay,
    selects,
    errors,
    decisions,
    state: (): ChatServerState => ({ ...urls, selects }),
    close: async () => {
      hub.close();
      await relay.stop();
      await route.close();
      await streams.close();
      await reader.end({ timeout: 1 });
    },
  };
}
