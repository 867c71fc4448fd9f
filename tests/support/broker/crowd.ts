import { channel, createRealtimeClient, defineChannels, ids, signal } from "querycast";
import { authorize } from "querycast/server";
import { createMemoryServer } from "querycast/testing";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { slim } from "../../../src/realtime/transports/pusher/slim.ts";
import type { SoketiConnection } from "./soketi.ts";

const channels = defineChannels({
  crowd: channel("crowd.{roomId}").signal("message.posted", ids("messageId")),
});
const room = channels.crowd({ roomId: "1" });

/** Many clients of one broker, each with a separate socket, on the real route and relay. */
export interface Crowd {
  /** Number of clients that are live, and of clients that have received a message. */
  live(): number;
  told(messageId: string): number;
  /** Requests to the route since the last call, by type. */
  newRequests(): Readonly<Record<string, number>>;
  /** Commits a message on the channel of all clients. */
  commit(messageId: string): Promise<void>;
  close(): Promise<void>;
}

/** Only the log is in memory: its queries are cheap here in any case. */
export function createCrowd(soketi: SoketiConnection, size: number): Crowd {
  const broker = createPusherBroker({ ...soketi, tls: false });
  const server = createMemoryServer({
    authority: authorize(channels, { crowd: () => true }),
    broker,
  });
  let requests: Record<string, number> = {};
  /** Ids of all messages, which a page reads after a gap. */
  const committed: string[] = [];
  const { key, host, port } = soketi;
  const clients = Array.from({ length: size }, (_, index) => {
    const route = server.fetch({ id: `reader-${index}` });
    const client = createRealtimeClient({
      channels,
      transport: slim({ key, host, port, tls: false }),
      fetch: (url, init) => {
        const { type } = JSON.parse(String(init?.body)) as { readonly type: string };
        requests[type] = (requests[type] ?? 0) + 1;
        return route(url, init);
      },
    });
    const received = new Set<string>();
    client.subscribe(room, {
      signal: (told) => {
        for (const { messageId } of told.ids ?? []) received.add(String(messageId));
      },
      gap: () => {
        for (const messageId of committed) received.add(messageId);
      },
    });
    return { client, received };
  });
  return {
    live: () => clients.filter(({ client }) => client.getState().status === "live").length,
    told: (messageId) => clients.filter(({ received }) => received.has(messageId)).length,
    newRequests: () => {
      const since = requests;
      requests = {};
      return since;
    },
    commit: async (messageId) => {
      await server.publish(signal(room, "message.posted", { messageId }));
      committed.push(messageId);
    },
    close: async () => {
      for (const { client } of clients) client.close();
      await server.close();
      broker.close();
    },
  };
}
