import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createEngine } from "../jobs/engine.ts";
import { Refusal } from "../jobs/refusal.ts";
import { demandPort, freePort, LOOPBACK } from "./ports.ts";

export interface JobRunnerOptions {
  /** Where the application serves its functions, e.g. http://127.0.0.1:3000/api/inngest. */
  readonly appUrl: string;
  /** As the application's INNGEST_SIGNING_KEY. Default: null, for an application in dev mode. */
  readonly signingKey?: string | null;
  /** Must be free. Default: any free one. */
  readonly port?: number;
  /** Hears about functions that failed for good. Default: nobody. */
  readonly say?: (line: string) => void;
  /** Wait before the attempt after `failures` failures. Default: full jitter, 0.5 s doubling to 30 s. */
  readonly backoffMs?: (failures: number) => number;
}

export interface JobRunner {
  /** For INNGEST_DEV, or with a signing key INNGEST_BASE_URL. */
  readonly url: string;
  readonly port: number;
  /** Resolves when no function runs. */
  readonly idle: () => Promise<void>;
  /** Takes nothing new, gives what runs two seconds, ends it. It remembers in memory only. */
  readonly stop: () => Promise<void>;
}

const LIMIT_BYTES = 1_000_000;
const MINUTE_MS = 60_000;
const DRAIN_MS = 2000;

/**
 * Stands in for an Inngest server on one machine: takes events and drives the real SDK in the application
 * over its HTTP protocol. In memory, on loopback, without the conditions and flow control of the real one.
 *
 * @throws PartError `port-taken`.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { appUrl, signingKey = null, say = () => {}, backoffMs = fullJitter } = options;
  if (options.port !== undefined) await demandPort(options.port, "The job runner", "INNGEST_DEV");
  const port = options.port ?? (await freePort());
  const engine = createEngine({ appUrl, signingKey, say, backoffMs });
  const stopping = new AbortController();

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => reply(response, 200, body),
      (error: unknown) => {
        const status = error instanceof Refusal ? error.status : 400;
        reply(response, status, {
          status,
          error: error instanceof Error ? error.message : "refused",
        });
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(port, LOOPBACK, resolve));
  const clock = setInterval(() => engine.tick(new Date()), MINUTE_MS);
  const registering = registerWhenUp();

  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    idle: () => engine.idle(),
    async stop() {
      clearInterval(clock);
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      const patience = new AbortController();
      const enough = pause(DRAIN_MS, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([engine.idle(), enough]);
      patience.abort();
      await Promise.all([closed, registering, engine.stop()]);
    },
  };

  async function answer(request: IncomingMessage): Promise<unknown> {
    const path = new URL(request.url ?? "/", "http://runner").pathname;
    if (request.method === "GET" && path === "/health") return { functions: engine.functionCount };
    // A web page may send anything but JSON to a loopback port without asking first.
    if (!request.headers["content-type"]?.startsWith("application/json")) {
      throw new Refusal(415, "Send application/json.");
    }
    const body = await readJson(request);
    if (path === "/fn/register") return engine.register(body, request.headers.authorization);
    if (path.startsWith("/e/")) return engine.take(body);
    throw new Refusal(404, `There is nothing at ${path}.`);
  }

  /** The application may come up after us, so it is asked to register until it has. */
  async function registerWhenUp(): Promise<void> {
    const { signal } = stopping;
    for (let asked = 0; !signal.aborted && engine.functionCount === 0; asked += 1) {
      try {
        await fetch(appUrl, { method: "PUT", signal });
        if (engine.functionCount === 0)
          await pause(Math.min(5000, 100 * 2 ** asked), undefined, { signal });
      } catch {
        await pause(Math.min(5000, 100 * 2 ** asked), undefined, { signal }).catch(() => {});
      }
    }
  }
}

function fullJitter(failures: number): number {
  return Math.random() * Math.min(30_000, 250 * 2 ** failures);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) throw new Refusal(413, `At most ${LIMIT_BYTES} bytes are taken.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
