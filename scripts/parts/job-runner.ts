import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createEngine } from "../jobs/engine.ts";
import { Refusal } from "../jobs/refusal.ts";
import { demandPort, freePort, LOOPBACK } from "./ports.ts";

export interface JobRunnerOptions {
  /** Where the application serves its functions, e.g. http://127.0.0.1:3000/api/inngest. */
  readonly appUrl: string;
  /** The application's INNGEST_SIGNING_KEY. Default: null, for an application in dev mode. */
  readonly signingKey?: string | null;
  /** Must be free. Default: any free one. */
  readonly port?: number;
  /** Called with a line about each function whose last attempt failed. Default: none. */
  readonly say?: (line: string) => void;
  /** Delay after `failures` failures. Default: full jitter, 0.5 s doubling to 30 s. */
  readonly backoffMs?: (failures: number) => number;
}

export interface JobRunner {
  /** For INNGEST_DEV, or with a signing key INNGEST_BASE_URL. */
  readonly url: string;
  readonly port: number;
  /** Resolves when no function is running. */
  readonly idle: () => Promise<void>;
  /** Refuses new events, waits up to two seconds for running functions, then aborts them. */
  readonly stop: () => Promise<void>;
}

const LIMIT_BYTES = 1_000_000;
const DRAIN_MS = 2000;

/**
 * Replaces an Inngest server on one machine: accepts events and calls the real SDK in the application over
 * its HTTP protocol. State is in memory. Supports `step.run`, retries, schedules and deduplication by event id.
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
  const registering = registerWhenUp();

  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    idle: () => engine.idle(),
    async stop() {
      engine.unschedule();
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
    // Web pages can send other content types to a loopback port without a CORS preflight.
    if (!request.headers["content-type"]?.startsWith("application/json")) {
      throw new Refusal(415, "Send application/json.");
    }
    const body = await readJson(request);
    if (path === "/fn/register") return engine.register(body, request.headers.authorization);
    if (path.startsWith("/e/")) return engine.take(body);
    throw new Refusal(404, `${path} is not a path of the job runner.`);
  }

  /** Requests the registration until it succeeds: the application may start after the runner. */
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
    if (bytes > LIMIT_BYTES) throw new Refusal(413, `The body exceeds ${LIMIT_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
