import { postgresJs } from "../../src/realtime/log/connection/postgres-js.ts";
import { createFollowLog } from "../../src/realtime/log/relay/follow-log.ts";
import { createRelay } from "../../src/realtime/server/relay/create-relay.ts";
import { sse } from "../../src/realtime/transports/sse/client.ts";
import { createRawStreamHandler } from "../../src/realtime/transports/sse/create-raw-stream-handler.ts";
import { createSseHub } from "../../src/realtime/transports/sse/hub.ts";
import { serveRaw } from "../../tests/support/servers/serve-raw.ts";
import { wait } from "./measure.ts";
import { print } from "./report.ts";

const viewer = { id: "reader" };
const messageIds = /"messageId":"([0-9a-f-]{36})"/g;

/** A stream of each channel, served and read by this process, as a site without a broker serves them. */
export async function serveRoomStreams(url: string, wireNames: readonly string[]) {
  const hub = createSseHub({ secret: "a secret of at least 32 characters" });
  const feed = createRelay({ log: createFollowLog({ open: postgresJs(url) }), broker: hub });
  const open = createRawStreamHandler({
    hub,
    relay: { health: () => ({ ...feed.health(), state: "leading" }) },
    getViewer: async () => viewer,
    allowedOrigins: [],
  });
  const served = await serveRaw((request, response) => void open(request, response));
  feed.start();
  while (feed.health().state !== "leading") await wait(10);
  return {
    /**
     * Opens streams, at most for four minutes.
     *
     * @param onMessage called with each id that comes over one of them
     * @returns closes them
     */
    open: async (onMessage: (messageId: string) => void) => {
      const closers = await Promise.all(
        wireNames.map(
          (wireName) =>
            new Promise<() => void>((resolve) => {
              const connection = sse({ endpoint: `http://${served.host}:${served.port}/` }).connect(
                {
                  connected: async (socketId) =>
                    connection.subscribe(wireName, await hub.signJoin(socketId, wireName, viewer)),
                  disconnected: ({ message }) => print(`A stream was lost: ${message}`),
                  subscribed: () => resolve(connection.close),
                  subscriptionFailed: () => print("A subscription failed."),
                  event: (_channel, _name, data) => {
                    const text = typeof data === "string" ? data : JSON.stringify(data);
                    for (const [, id = ""] of text.matchAll(messageIds)) {
                      onMessage(id);
                    }
                  },
                },
              );
            }),
        ),
      );
      return () => {
        for (const close of closers) close();
      };
    },
    close: async () => {
      await feed.stop();
      hub.close();
      await served.close();
    },
  };
}
