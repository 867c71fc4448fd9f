import { randomUUID } from "node:crypto";
import { QueryClient, QueryObserver, queryOptions } from "@tanstack/react-query";
import {
  channel,
  createQueryBridge,
  createRealtimeClient,
  defineChannels,
  ids,
  liveEntities,
  on,
  signal,
} from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  createFollowLog,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createSignalLog,
  type Viewer,
} from "querycast/server";
import { sse } from "../../src/realtime/transports/sse/client.ts";
import {
  createRawStreamHandler,
  createSseHub,
  readEntities,
} from "../../src/realtime/transports/sse/server.ts";
import { createLogDatabase, type LogDatabase, port } from "../integration/log-database.ts";
import { serveRaw } from "./serve-raw.ts";
import { serveRoute } from "./serve-route.ts";

export const entityChannels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.content", ids("contentId")).signal("chat.renamed"),
  org: channel("org.{orgId}").signal("org.changed"),
});

export interface Content {
  readonly id: string;
  readonly chat_id: string;
  readonly version: number;
  readonly text: string;
}

/** A database with contents of chats. The role `chat_reader` may read those of one chat. */
export async function createChatDatabase() {
  const database = await createLogDatabase();
  await database.owner.unsafe(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'log_test_topic') then
        create role log_test_topic;
      end if;
    end $$;
    grant log_test_topic to log_test_reader;
    create table contents (n bigint generated always as identity, id text primary key, chat_id text not null,
      version int not null default 1, text text not null);
    alter table contents enable row level security;
    alter table contents force row level security;
    grant select on contents to log_test_topic, log_test_reader;
    grant select, insert, update on contents to log_test_writer;
    create policy topic on contents for select to log_test_topic
      using (chat_id = current_setting('app.chat_id', true));
    create policy viewer on contents for select to log_test_reader
      using (chat_id not like 'secret%' or current_setting('app.user_id', true) = 'owner');
    create policy writer on contents for all to log_test_writer using (true) with check (true)`);
  const log = createSignalLog({ sql: port(database.reader) });
  const { publish } = createPublisher({ channels: entityChannels, log });
  return {
    ...database,
    log,
    /** Writes contents and publishes their ids in one transaction. Returns the ids. */
    say: async (chatId: string, texts: readonly string[], announcedOn = chatId) => {
      const rows = texts.map((text) => ({ id: randomUUID(), chat_id: chatId, text }));
      await database.writer.begin(async (tx) => {
        await tx`insert into contents ${tx(rows)}`;
        const signals = rows.map(({ id }) =>
          signal(entityChannels.chat({ chatId: announcedOn }), "chat.content", { contentId: id }),
        );
        await publish(signals, { tx: port(tx) });
      });
      return rows.map(({ id }) => id);
    },
    /** Changes the text of a content. */
    edit: (chatId: string, id: string, text: string) =>
      database.writer.begin(async (tx) => {
        await tx`update contents set text = ${text}, version = version + 1 where id = ${id}`;
        const changed = signal(entityChannels.chat({ chatId }), "chat.content", { contentId: id });
        await publish([changed], { tx: port(tx) });
      }),
  };
}

export type ChatDatabase = Awaited<ReturnType<typeof createChatDatabase>>;

const secret = "a secret of at least 32 characters";
const toViewer = (header: string | null): Viewer | null =>
  header === null ? null : { id: header };

/** Reads contents as the role of one chat. Counts its SELECTs. */
function createTopicRead(database: LogDatabase) {
  const selects: (readonly string[])[] = [];
  const read = ({ chatId }: { readonly chatId: string }, wanted: readonly string[]) =>
    database.reader.begin("read only", async (tx) => {
      selects.push(wanted);
      await tx`select set_config('role', 'log_test_topic', true), set_config('app.chat_id', ${chatId}, true)`;
      const rows = await tx<Content[]>`
        select id, chat_id, version, text from contents where id = any (${[...wanted]}) order by n`;
      return new Map(rows.map((row) => [row.id, row]));
    });
  return { selects, read };
}

/** One server process: a hub that reads contents, its relay, the route, and streams on raw responses. */
export async function startChatProcess(database: ChatDatabase) {
  const { selects, read } = createTopicRead(database);
  const errors: unknown[] = [];
  const hub = createSseHub({
    secret,
    streamsPerSession: 1_000,
    onError: (error) => errors.push(error),
    entities: readEntities(entityChannels, database.log, { chat: { "chat.content": read } }),
  });
  const relay = createRelay({
    log: createFollowLog({ open: postgresJs(database.readerUrl) }),
    broker: hub,
  });
  relay.start();
  const getViewer = async (request: Request) => toViewer(request.headers.get("authorization"));
  const readAs = <Result>({ id }: Viewer, fn: (tx: never) => Promise<Result>) =>
    database.reader.begin("read only", async (tx) => {
      await tx`select set_config('app.user_id', ${id}, true)`;
      return fn(tx as never);
    }) as Promise<Result>;
  const route = await serveRoute(
    createRealtimeHandler({
      authority: authorize(entityChannels, {
        chat: ({ chatId }, { viewer }) => !chatId.startsWith("secret") || viewer.id === "owner",
        org: () => true,
      }),
      ...{ getViewer, read: readAs, log: database.log, broker: hub, secret, allowedOrigins: [] },
      rateLimit: { take: () => 0 },
    }),
  );
  const handle = createRawStreamHandler({
    ...{ hub, relay, getViewer, allowedOrigins: [], rateLimit: { take: () => 0 } },
  });
  const streams = await serveRaw((request, response) => void handle(request, response));
  const streamsUrl = `http://${streams.host}:${streams.port}/`;
  const closers: (() => unknown)[] = [];

  return {
    hub,
    relay,
    selects,
    errors,
    streamsUrl,
    /** A page of a viewer that shows the contents of a chat. */
    page: (chatId: string, viewerId = "reader") => {
      const as = ((url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init?.headers, authorization: viewerId },
        })) as typeof fetch;
      const client = createRealtimeClient({
        channels: entityChannels,
        endpoint: `http://${route.host}:${route.port}/`,
        fetch: as,
        transport: sse({ endpoint: streamsUrl, fetch: as }),
      });
      const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
      const bridge = createQueryBridge({ client, queryClient });
      const detach = bridge.attach();
      let fetches = 0;
      const queryKey = ["contents", chatId];
      const options = liveEntities(
        queryOptions({
          queryKey,
          queryFn: () => {
            fetches += 1;
            return readAs({ id: viewerId }, async (tx) => {
              const rows = await (tx as unknown as typeof database.reader)<Content[]>`
                select id, chat_id, version, text from contents where chat_id = ${chatId} order by n`;
              return [...rows] as readonly Content[];
            });
          },
        }),
        {
          entity: on(entityChannels.chat({ chatId }), "chat.content"),
          id: ({ id }) => id,
          version: ({ version }) => version,
          place: (rows) => rows.length,
        },
      );
      const unsubscribe = new QueryObserver(queryClient, options).subscribe(() => {});
      const close = () => {
        unsubscribe();
        detach();
        client.close();
        queryClient.clear();
      };
      closers.push(close);
      return {
        client,
        fetches: () => fetches,
        state: () => bridge.liveState(JSON.stringify(queryKey))?.status,
        texts: () =>
          queryClient.getQueryData<readonly Content[]>(queryKey)?.map(({ text }) => text),
        close,
      };
    },
    close: async () => {
      for (const close of closers) close();
      hub.close();
      await relay.stop();
      await route.close();
      await streams.close();
    },
  };
}
