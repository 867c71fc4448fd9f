import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import type { BrokerCore } from "./broker-core.ts";
import { type FakeApp, refuseRestCall } from "./fake-app.ts";

/** Options of `FakeBroker.listen`. */
export interface BrokerFrontOptions {
  /** Default: any free port. */
  readonly port?: number;
}

/** Address and credentials of a fake broker on the network, for `pusher()` and `pusher-js`. */
export interface BrokerFront extends FakeApp {
  readonly host: string;
  readonly port: number;
  /** Closes the server and every connection. Idempotent. */
  close(): Promise<void>;
}

interface Behind {
  readonly app: FakeApp;
  readonly core: BrokerCore;
  readonly send: (wireName: string, name: string, data: unknown) => void;
}

const host = "127.0.0.1";
const longestFrameBytes = 16 * 1024;
const longestBodyBytes = 128 * 1024;

/** @throws when the package `ws` is not installed or the port is taken. */
export async function listen(
  behind: Behind,
  { port = 0 }: BrokerFrontOptions = {},
): Promise<BrokerFront> {
  const { WebSocketServer } = await import("ws");
  const server = createServer((request, response) => void answer(behind, request, response));
  const sockets = new WebSocketServer({ server, maxPayload: longestFrameBytes });
  sockets.on("connection", (socket, request) => serve(behind, socket, request));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => resolve());
  });
  return {
    ...behind.app,
    host,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves a WebSocket at `/app/<key>`. */
function serve({ app, core }: Behind, socket: WebSocket, { url = "" }: IncomingMessage): void {
  const end = core.open({
    receive: (frame) => socket.send(JSON.stringify(frame)),
    closed: (code, message) => {
      // 1006 cannot be sent: a peer sees it when the connection ends without a close frame.
      if (code === 1006) socket.terminate();
      else socket.close(code, message);
    },
  });
  socket.on("error", () => {});
  socket.once("close", end.close);
  socket.on("message", (bytes, isBinary) => end.send(isBinary ? undefined : parse(String(bytes))));
  if (new URL(url, `http://${host}`).pathname === `/app/${app.key}`) end.welcome();
  else end.refuse(4001, "There is no such app.");
}

/** Answers a call of the HTTP API: `events`, `batch_events` or `channels`. */
async function answer(
  { app, core, send }: Behind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const respond = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const refuse = (status: number, error: string) => respond(status, { error, code: status });
  // A stopped broker accepts no connections. Closing them is the nearest that an HTTP server can do.
  if (core.faults.refusal) return void request.socket.destroy();
  const url = new URL(request.url ?? "", `http://${host}`);
  const body = await readAll(request);
  if (body === undefined) return void refuse(413, "The body is too large.");
  const [, apps, appId, call, ...rest] = url.pathname.split("/");
  if (apps !== "apps" || appId !== app.appId) return void refuse(404, "There is no such app.");
  const { method = "GET" } = request;
  const reason = refuseRestCall(app, { method, url, body, nowMs: Date.now() });
  if (reason !== undefined) return void refuse(401, reason);
  if (method === "GET" && call === "channels" && rest.length === 0) {
    const channels = [...core.countSubscriptions()].map(([name, count]) => [
      name,
      { occupied: true, subscription_count: count },
    ]);
    return void respond(200, { channels: Object.fromEntries(channels) });
  }
  const list = call === "batch_events" ? parse(body)?.batch : [parse(body)];
  if (method !== "POST" || rest.length > 0 || !Array.isArray(list)) {
    return void refuse(400, "There is no such call.");
  }
  const events = list.map(readEvent);
  if (events.length > limits.eventsPerBatch || events.includes(undefined)) {
    return void refuse(400, "The events are malformed or too many.");
  }
  for (const event of events) {
    for (const channel of event?.channels ?? []) send(channel, event?.name ?? "", event?.data);
  }
  respond(200, { ok: true });
}

type Fields = Readonly<Record<string, unknown>>;

function readEvent(value: unknown) {
  const { name, data, channel, channels = [channel] } = (value ?? {}) as Fields;
  const isEvent =
    typeof name === "string" &&
    typeof data === "string" &&
    Array.isArray(channels) &&
    channels.every((each) => typeof each === "string");
  return isEvent ? { name, data, channels: channels as string[] } : undefined;
}

function parse(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

async function readAll(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= longestBodyBytes) chunks.push(chunk);
  }
  return bytes > longestBodyBytes ? undefined : Buffer.concat(chunks).toString("utf8");
}
