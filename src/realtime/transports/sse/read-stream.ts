import type { Disconnection } from "../../client/transport.ts";
import type { OpenRequest, StreamFrame } from "../../protocol/stream.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { createFrameReader } from "./read-frames.ts";

export interface ReadStreamOptions extends Omit<OpenRequest, "v"> {
  readonly fetch: typeof fetch;
  readonly endpoint: string;
  /** After an abort no callback is called. */
  readonly signal: AbortSignal;
  onFrame(frame: StreamFrame): void;
  /** Called after each received chunk, which may be a heartbeat. */
  onChunk(): void;
}

/**
 * Requests a stream and reads it to its end. Returns the reason if the request was refused.
 *
 * @throws {unknown} what `fetch` or the reader throws, also after an abort.
 */
export async function readStream(options: ReadStreamOptions): Promise<Disconnection | undefined> {
  const { fetch, endpoint, signal, socketId, channels, onFrame, onChunk } = options;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ v: PROTOCOL_VERSION, socketId, channels } satisfies OpenRequest),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "manual",
    signal,
  });
  if (signal.aborted) return undefined;
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!response.ok || !isStream || response.body === null) return refusalOf(response);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const take = createFrameReader((frame) => {
    if (!signal.aborted) onFrame(frame);
  });
  while (!signal.aborted) {
    const { done, value } = await reader.read();
    if (done) break;
    take(decoder.decode(value, { stream: true }));
    if (!signal.aborted) onChunk();
  }
  return undefined;
}

/** A 401 signs the client out only if the body follows the protocol: login pages and firewalls send 401 too. */
async function refusalOf(response: Response): Promise<Disconnection> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const code = isFields(body) && body.v === PROTOCOL_VERSION ? body.error : "not from the site";
  const message = `The request for a stream was answered with ${status} (${code}).`;
  if (code === "unauthenticated") return { reason: "signed-out", message };
  return { reason: status < 500 ? "refused" : "lost", message };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
