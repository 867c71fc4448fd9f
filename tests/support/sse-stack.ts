import { createFollowLog, type Relay, type SignalLog, type Viewer } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { sse } from "../../src/realtime/transports/sse/client.ts";
import {
  createRawStreamHandler,
  createSseHub,
  type SseHub,
} from "../../src/realtime/transports/sse/server.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";
import { serveRaw } from "./serve-raw.ts";

/** A stack of real parts: the hub behind HTTP, its client, and {@link createPostgresStack}. */
export async function createSseStack(): Promise<
  ConformanceStack & { readonly relay: Relay; readonly log: SignalLog; readonly hub: SseHub }
> {
  const hub = createSseHub({ secret: "a secret of at least 32 characters" });
  const stack = await createPostgresStack({ broker: hub, readLog: createFollowLog });
  const handle = createRawStreamHandler({
    hub,
    relay: stack.relay,
    getViewer: async (request) => toViewer(request.headers.get("authorization")),
    allowedOrigins: [],
  });
  await stack.until("the hub is fed", () => stack.relay.health().state === "leading");
  const served = await serveRaw((request, response) => void handle(request, response));
  const { line, ...proxy } = await createLine({ ...served, silenceMs: 36_000 });
  return {
    ...stack,
    hub,
    line,
    transport: (viewer = { id: "reader" }) =>
      sse({
        endpoint: `http://${proxy.host}:${proxy.port}/`,
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, ...as(viewer) } }),
      }),
    forge: async (wireName, name, data) => hub.send(wireName, name, data),
    close: async () => {
      hub.close();
      await stack.close();
      await proxy.close();
      await served.close();
    },
  };
}

/** Header with the user id, in place of a session. */
const as = (viewer: Viewer | null): Record<string, string> =>
  viewer === null ? {} : { authorization: viewer.id };
const toViewer = (header: string | null): Viewer | null =>
  header === null ? null : { id: header };
