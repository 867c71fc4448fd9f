import { QueryClient, QueryObserver, queryOptions } from "@tanstack/react-query";
import { createQueryBridge, createRealtimeClient, liveEntities, on } from "querycast";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import type { LogDatabase } from "../database/log-database.ts";
import { type Content, entityChannels } from "./entity-server.ts";

export interface ChatPageOptions {
  readonly database: LogDatabase;
  readonly routeUrl: string;
  readonly streamsUrl: string;
  readonly chatId: string;
  readonly viewerId: string;
  /** Each read of the contents waits for this. */
  readonly beforeRead?: () => Promise<unknown>;
}

/** The wire names that each request for a stream contained, and all that its response has sent. */
function recordStreams(ask: typeof fetch) {
  const requests: (readonly string[])[] = [];
  let received = "";
  const record: typeof fetch = async (url, init) => {
    const { channels } = JSON.parse(String(init?.body)) as {
      readonly channels: readonly { readonly wireName: string }[];
    };
    requests.push(channels.map(({ wireName }) => wireName));
    const response = await ask(url, init);
    const decoder = new TextDecoder();
    const tap = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        received += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(tap) ?? null, response);
  };
  return { requests, received: () => received, fetch: record };
}

/** A page of a viewer that shows the contents of a chat: client, query cache and bridge, over real requests. */
export function openChatPage({ database, chatId, viewerId, beforeRead, ...urls }: ChatPageOptions) {
  const as = ((url, init) =>
    fetch(url, {
      ...init,
      headers: { ...init?.headers, authorization: viewerId },
    })) as typeof fetch;
  const streams = recordStreams(as);
  const client = createRealtimeClient({
    channels: entityChannels,
    endpoint: urls.routeUrl,
    fetch: as,
    transport: sse({ endpoint: urls.streamsUrl, fetch: streams.fetch }),
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const bridge = createQueryBridge({ client, queryClient });
  const detach = bridge.attach();
  let fetches = 0;
  const queryKey = ["contents", chatId];
  const options = liveEntities(
    queryOptions({
      queryKey,
      queryFn: async () => {
        fetches += 1;
        await beforeRead?.();
        return database.reader.begin("read only", async (tx) => {
          await tx`select set_config('app.user_id', ${viewerId}, true)`;
          const rows = await tx<Content[]>`
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
  const observer = new QueryObserver(queryClient, options);
  const unsubscribe = observer.subscribe(() => {});
  const texts = () =>
    queryClient.getQueryData<readonly Content[]>(queryKey)?.map(({ text }) => text);
  return {
    client,
    fetches: () => fetches,
    /** The wire names of each stream that the page has asked for. */
    streams: streams.requests,
    /** All that its streams have sent. */
    received: streams.received,
    state: () => bridge.liveState(JSON.stringify(queryKey))?.status,
    texts,
    /** Every text that the page contains from now on. */
    shown: () => {
      const all = new Set<string>();
      observer.subscribe(() => {
        for (const text of texts() ?? []) all.add(text);
      });
      return all;
    },
    /** Reads the contents again, as on focus. */
    read: () => queryClient.refetchQueries({ queryKey }),
    close: () => {
      unsubscribe();
      detach();
      client.close();
      queryClient.clear();
    },
  };
}

export type ChatPage = ReturnType<typeof openChatPage>;
