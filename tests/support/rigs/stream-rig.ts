import type { OpenRequest } from "../../../src/realtime/protocol/stream.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import { toFrame } from "../../../src/realtime/transports/sse/frame.ts";

/** A request for a stream and the server's side of its response. */
interface OpenedStream {
  readonly request: OpenRequest;
  readonly isAborted: () => boolean;
  say(text: string): void;
  end(): void;
  break(): void;
}

/** A server whose responses are written by the test. */
export function createFakeServer() {
  const opened: OpenedStream[] = [];
  let refusal: Response | undefined;
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    if (refusal !== undefined) return refusal;
    let isAborted = false;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (it) => {
        controller = it;
      },
    });
    init?.signal?.addEventListener("abort", () => {
      isAborted = true;
      controller?.error(new Error("aborted"));
    });
    opened.push({
      request: JSON.parse(String(init?.body)) as OpenRequest,
      isAborted: () => isAborted,
      say: (text) => controller?.enqueue(new TextEncoder().encode(text)),
      end: () => controller?.close(),
      break: () => controller?.error(new Error("reset")),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  return {
    fetch,
    opened,
    last: () => opened.at(-1) as OpenedStream,
    answerWith: (next: Response) => {
      refusal = next;
    },
  };
}

export const connected = toFrame("connected", { v: 1, socketId: "7.7" });

export async function setUp() {
  const clock = createFakeClock();
  const server = createFakeServer();
  const received: string[] = [];
  const connection = sse({ fetch: server.fetch, clock }).connect({
    connected: (id) => received.push(`connected ${id}`),
    disconnected: ({ reason, message }) => received.push(`${reason}: ${message}`),
    subscribed: (name) => received.push(`joined ${name}`),
    subscriptionFailed: (name) => received.push(`failed ${name}`),
    event: (...reported) => received.push(reported.join(" ")),
  });
  await clock.advance(0);
  const say = async (text: string) => {
    server.last().say(text);
    await clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, server, received, connection, say };
}

/** A refusal of the protocol. */
export const ours = (status: number, error: string) => Response.json({ v: 1, error }, { status });
