import { type Broker, createFollowLog, type SignalLog, type Viewer } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import {
  createRawStreamHandler,
  createSseHub,
  createStreamFollower,
  type SseHub,
  type SseHubOptions,
  type StreamFollower,
  type StreamFollowerOptions,
} from "../../../src/realtime/transports/sse/server.ts";
import type { LogDatabase } from "../database/log-database.ts";
import { serveRaw } from "../servers/serve-raw.ts";
import { createLine } from "./line.ts";
import { createPostgresStack } from "./postgres-stack.ts";

/** Times of the follower and of the streams. */
export type SseStackOptions = Pick<StreamFollowerOptions, "idleMs" | "clock"> &
  Pick<SseHubOptions, "connectionLifeMs">;

/** A stack of real parts: the hub behind HTTP, its client, and {@link createPostgresStack}. */
export async function createSseStack(options: SseStackOptions = {}): Promise<
  ConformanceStack & {
    readonly relay: StreamFollower;
    readonly log: SignalLog;
    readonly hub: SseHub;
    readonly database: LogDatabase;
    /** Address of the streams. */
    readonly endpoint: string;
    /** Ends the process of the streams, and starts another one at its port. */
    restart(meanwhile?: () => Promise<void>): Promise<void>;
  }
> {
  const { connectionLifeMs, ...times } = options;
  const makeHub = () =>
    createSseHub({
      secret: "a secret of at least 32 characters",
      ...(connectionLifeMs !== undefined && { connectionLifeMs }),
    });
  let hub = makeHub();
  let relay: StreamFollower | undefined;
  let makeRelay: StreamFollowerOptions["relay"] | undefined;
  /** The hub of the current process. */
  const broker: Broker = {
    isHub: true,
    publish: (deliveries) => hub.publish(deliveries),
    signJoin: (...join) => hub.signJoin(...join),
    signUser: (...user) => hub.signUser(...user),
    terminate: (userId) => hub.terminate(userId),
    countSubscriptions: async () => (await hub.countSubscriptions?.()) ?? new Map(),
    relayAgeMs: async () => (await hub.relayAgeMs?.()) ?? null,
  };
  const stack = await createPostgresStack({
    broker,
    readLog: createFollowLog,
    onDemand: (make) => {
      makeRelay = make;
      relay = createStreamFollower({ hub, relay: make, ...times });
      return relay;
    },
  });
  if (relay === undefined || makeRelay === undefined) {
    throw new TypeError("The stack made no relay.");
  }
  const make = makeRelay;
  let follower: StreamFollower = relay;
  const serve = (port?: number) => {
    const handle = createRawStreamHandler({
      hub,
      relay: follower,
      allowedOrigins: [],
      getViewer: async (request) => toViewer(request.headers.get("authorization")),
    });
    return serveRaw((request, response) => void handle(request, response), port);
  };
  let served = await serve();
  const { line, ...proxy } = await createLine({ ...served, silenceMs: 36_000 });
  return {
    ...stack,
    get relay() {
      return follower;
    },
    get hub() {
      return hub;
    },
    line,
    endpoint: `http://${proxy.host}:${proxy.port}/`,
    restart: async (meanwhile = async () => {}) => {
      hub.close();
      await follower.stop();
      await served.close();
      await meanwhile();
      hub = makeHub();
      follower = createStreamFollower({ hub, relay: make, ...times });
      follower.start();
      served = await serve(served.port);
    },
    transport: (viewer = { id: "reader" }) =>
      sse({
        endpoint: `http://${proxy.host}:${proxy.port}/`,
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, ...as(viewer) } }),
      }),
    forge: async (wireName, name, data) => hub.send(wireName, name, data),
    close: async () => {
      hub.close();
      await follower.stop();
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
