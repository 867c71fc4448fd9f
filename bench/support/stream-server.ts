import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createChannel, createSession } from "better-sse";
import { encodeSignal } from "../../src/realtime/protocol/signal.ts";
import { createRawStreamHandler } from "../../src/realtime/transports/sse/create-raw-stream-handler.ts";
import { createStreamHandler } from "../../src/realtime/transports/sse/create-stream-handler.ts";
import { toFrame } from "../../src/realtime/transports/sse/frame.ts";
import { createSseHub } from "../../src/realtime/transports/sse/hub.ts";
import { serveRoute } from "../../tests/support/servers/serve-route.ts";
import { serveParent } from "./child-server.ts";

/**
 * A process that serves streams, for benches. `raw` and `route` are the two handlers of a hub, on Node's response and on the
 * web streams of a framework's route handler. `better-sse` broadcasts with that package. `loop`
 * writes one shared buffer to each response, which is the least that a message costs without joining messages.
 */
const viewer = { id: "reader" };
const hub = createSseHub({
  secret: "a secret of at least 32 characters",
  streamsPerSession: 1_000_000,
});
const sessions = createChannel();
const responses = new Set<ServerResponse>();

interface Kind {
  open(request: IncomingMessage, response: ServerResponse): unknown;
  /** Sends a signal to all streams. */
  send(wireName: string, name: string, data: string): void;
}

/** What the two handlers of a hub take. */
const handlerOptions = {
  hub,
  relay: { health: () => ({ state: "leading" }) as never },
  getViewer: async () => viewer,
  allowedOrigins: [],
  rateLimit: { take: () => 0 },
};

const raw: Kind = { open: createRawStreamHandler(handlerOptions), send: hub.send };
const kinds: Readonly<Record<string, Kind>> = {
  raw,
  route: { open: () => {}, send: hub.send },
  "better-sse": {
    open: openSession,
    send: (wireName, name, data) => {
      sessions.broadcast([wireName, name, data], "signal");
    },
  },
  loop: {
    open: openInLoop,
    send: (wireName, name, data) => {
      const chunk = Buffer.from(toFrame("signal", [wireName, name, data]));
      for (const response of responses) response.write(chunk);
    },
  },
};

async function serve(kind: string): Promise<number> {
  if (kind === "route") return (await serveRoute(createStreamHandler(handlerOptions))).port;
  const server = createServer((request, response) => void open(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  return (server.address() as AddressInfo).port;
}

async function openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const session = await createSession(request, response);
  sessions.register(session);
  session.push([], "subscribed");
}

function openInLoop(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(toFrame("subscribed", []));
  responses.add(response);
  response.once("close", () => responses.delete(response));
}

const kind = process.argv[2] ?? "raw";
const { open, send } = kinds[kind] ?? raw;
let serial = 0;

function publish(wireName: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    serial += 1;
    const id = `signal-${String(serial).padStart(12, "0")}`;
    const data = encodeSignal({
      id,
      name: "comment.created",
      ids: [{ commentId: id }],
      origin: undefined,
    });
    send(wireName, "comment.created", data);
  }
}

/** Bytes of heap and buffers. Resident memory depends on when the process last returned some. */
function usedMemory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

serveParent(await serve(kind), {
  sign: ({ socketId, wireName }) => hub.signJoin(socketId, wireName, viewer),
  publish: ({ wireName, count }) => publish(wireName, count),
  memory: usedMemory,
});
