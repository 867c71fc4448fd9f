import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished } from "vitest";
import { AppError } from "../../../src/lib/errors/app-error.ts";
import { createFairQueue } from "../../../src/lib/fair-queue.ts";
import { takeRequests } from "../../../src/lib/http/take-requests.ts";
import { createPageCache } from "../../../src/lib/pages/page-cache.ts";
import { createPageGate, type PageAnswer } from "../../../src/lib/pages/page-gate.ts";

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

let openPort = 0;

/** Serves a listener behind a page gate. Returns a function that asks it for a page. */
export async function listen(
  next: Listener,
  {
    full = false,
    concurrency = 8,
    longestWaitMs = 5_000,
    longestReadMs = 5_000,
    bodiesThatWait = 0,
    answers = [] as PageAnswer[],
  } = {},
) {
  const server = createServer(next);
  const gate = createPageGate({
    cache: createPageCache({ hasChanged: async () => false, maxAgeMs: 60_000, checkMs: 60_000 }),
    queue: createFairQueue({
      concurrency,
      concurrencyPerOwner: 2,
      waitingPerOwner: 1,
      waiting: 256,
      longestWaitMs,
    }),
    arrivals: createFairQueue({
      concurrency: 6,
      concurrencyPerOwner: 2,
      waitingPerOwner: bodiesThatWait,
      waiting: bodiesThatWait,
    }),
    sessionCookie: "session",
    admit: async ({ headers }) => {
      if (full) throw new AppError("too_many_requests", "Wait.", { retryAfterS: 7 });
      return String(headers["x-visitor"] ?? "somebody");
    },
    longestReadMs,
    onAnswer: (answer) => answers.push(answer),
    onError: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(takeRequests(gate));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  openPort = port;
  return (path = "/", headers: Record<string, string> = {}, signal?: AbortSignal) =>
    new Promise<{ status: number; headers: IncomingMessage["headers"]; text: string }>(
      (resolve, reject) => {
        const asked = send({ port, path, signal, headers: { connection: "close", ...headers } });
        asked.once("error", reject);
        asked.once("response", (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("end", () => {
            const body = Buffer.concat(chunks);
            const isZipped = answer.headers["content-encoding"] === "gzip";
            const text = (isZipped ? gunzipSync(body) : body).toString();
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
          });
        });
        asked.end();
      },
    );
}

/** Opens a connection to the last server. */
export async function openSocket(): Promise<Socket> {
  const socket = connect(openPort, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}
