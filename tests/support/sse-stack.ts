import { createFollowLog, type SignalLog, type Viewer } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { sse } from "../../src/realtime/transports/sse/client.ts";
import {
  createRawStreamHandler,
  createSseHub,
  createStreamFollower,
  type SseHub,
  type StreamFollower,
  type StreamFollowerOptions,
} from "../../src/realtime/transports/sse/server.ts";
import type { LogDatabase } from "../integration/log-database.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";
import { serveRaw } from "./serve-raw.ts";

/** Times of the follower. */
export type SseStackOptions = Pick<StreamFollowerOptions, "idleMs" | "clock">;

/** A stack of real parts: the hub behind HTTP, its client, and {@link createPostgresStack}. */
export async function createSseStack(options: SseStackOptions = {}): Promise<
  ConformanceStack & {
    readonly relay: StreamFollower;
    readonly log: SignalLog;
    readonly hub: SseHub;
    readonly database: LogDatabase;
  }
> {
  const hub = createSseHub({ secret: "a secret of at least 32 characters" });
  let relay: StreamFollower | undefined;
  const stack = await createPostgresStack({
    broker: hub,
    readLog: createFollowLog,
    onDemand: (make) => {
      relay = createStreamFollower({ hub, relay: make, ...options });
      return relay;
    },
  });
  if (relay === undefined) throw new TypeError("The stack made no relay.");
  const handle = createRawStreamHandler({
    hub,
    relay,
    getViewer: async (request) => toViewer(request.headers.get("authorization")),
    allowedOrigins: [],
  });
  const served = await serveRaw((request, response) => void handle(request, response));
  const { line, ...proxy } = await createLine({ ...served, silenceMs: 36_000 });
  return {
    ...stack,
    relay,
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
