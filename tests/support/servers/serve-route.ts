import type { IncomingMessage, ServerResponse } from "node:http";
import { type Served, serveRaw } from "./serve-raw.ts";

/** A route handler behind a real HTTP server that signals disconnected readers and applies backpressure. */
export function serveRoute(
  handle: (request: Request) => Promise<Response>,
  options: { readonly port?: number } = {},
): Promise<Served> {
  return serveRaw((incoming, outgoing) => {
    answer(handle, incoming, outgoing).catch(() => outgoing.destroy());
  }, options.port);
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const response = await handle(
    new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      body: hasBody ? Buffer.concat(chunks) : null,
      signal: gone.signal,
    }),
  );
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  const body = response.body?.getReader();
  const cancel = () => void body?.cancel().catch(() => {});
  if (gone.signal.aborted) cancel();
  gone.signal.addEventListener("abort", cancel);
  let goOn = () => {};
  for (const event of ["drain", "close"]) outgoing.on(event, () => goOn());
  for (;;) {
    const { done, value } = (await body?.read()) ?? { done: true, value: undefined };
    if (done || gone.signal.aborted) break;
    const canGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (!outgoing.write(value) && !outgoing.destroyed) await canGoOn;
  }
  outgoing.end();
}
