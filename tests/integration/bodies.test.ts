import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { boundRequests } from "@/lib/http/bound-requests.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A handler behind a real HTTP server that passes the body on as a stream, as Next does. */
async function serve(
  handle: (request: Request) => Promise<Response>,
  create: () => Server = createServer,
) {
  const server = create().on("request", (incoming, outgoing) => {
    const request = new Request("http://site.test/", {
      method: "POST",
      headers: incoming.headers as Record<string, string>,
      body: Readable.toWeb(incoming) as ReadableStream,
      duplex: "half",
    } as RequestInit);
    void handle(request).then(async (response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(await response.text());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
    return once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

async function open(port: number, headers: readonly string[]): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  closers.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(`POST / HTTP/1.1\r\nhost: site.test\r\n${headers.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** Sends chunks until the connection ends or `bytes` are sent. Resolves with the number of bytes sent. */
async function flood(socket: Socket, bytes: number): Promise<number> {
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  let sent = 0;
  const ended = once(socket, "close");
  while (sent < bytes && !socket.destroyed) {
    sent += 65_536;
    if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => {}), ended]);
  }
  return sent;
}

const echo = boundedRoute(async (request) => new Response(await request.text()), {
  maxBytes: 100_000,
  timeoutMs: 300,
});
const replies = (socket: Socket) => text(socket).catch(() => "");

test("a body within the limit arrives whole, with the request's address, method and headers", async () => {
  const seen: unknown[] = [];
  const handler = boundedRoute(async (request, context: string) => {
    seen.push(request.nextUrl.search, request.method, request.headers.get("x-a"), context);
    return new Response(await request.text());
  });
  const body = "é".repeat(1_000);
  const init = { method: "PUT", headers: { "x-a": "1" }, body };
  const response = await handler(new Request("http://site.test/?a=1", init), "context");
  expect(await response.text()).toBe(body);
  expect(seen).toEqual(["?a=1", "PUT", "1", "context"]);
  const get = await boundedRoute(async (request) => new Response(String(request.body)))(
    new Request("http://site.test/"),
  );
  expect(await get.text()).toBe("null");
});

test("a declared length above the limit is refused with 413 before the body is read", async () => {
  const socket = await open(await serve(echo), ["content-length: 300000000"]);
  expect(await replies(socket)).toMatch(/^HTTP\/1\.1 413 /);
});

test("a body without a declared length is refused with 413 at the limit, and the connection ends", async () => {
  const socket = await open(await serve(echo), ["transfer-encoding: chunked"]);
  const reply = replies(socket);
  const sent = await flood(socket, 300_000_000);
  expect(await reply).toMatch(/^HTTP\/1\.1 413 /);
  // The buffers of both sockets, not 300 MB.
  expect(sent).toBeLessThan(20_000_000);
});

test("a body that stops arriving is refused with 408", async () => {
  const socket = await open(await serve(echo), ["content-length: 1000"]);
  socket.write("a few bytes");
  expect(await replies(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test("the server ends a request whose body does not arrive and is not read", async () => {
  closers.push(boundRequests({ requestMs: 100, headersMs: 50 }));
  let seen = 0;
  const server = () => createServer({ connectionsCheckingInterval: 20 });
  const port = await serve(async () => {
    seen += 1;
    return new Promise<Response>(() => {});
  }, server);
  const socket = await open(port, ["content-length: 1000"]);
  expect(await replies(socket)).toMatch(/^HTTP\/1\.1 408 /);
  expect(seen).toBe(1);
});

const api = join(process.cwd(), "app/api");
const routes = readdirSync(api, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith("route.ts"),
);

describe("every route", () => {
  test.each(routes)(
    "%s refuses an endless body, in each method that can have one",
    async (path) => {
      const handlers = (await import(/* @vite-ignore */ join(api, path))) as Record<
        string,
        unknown
      >;
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const handler = handlers[method] as
          | ((request: Request, context: unknown) => Promise<Response>)
          | undefined;
        if (handler === undefined) continue;
        let pulled = 0;
        const body = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            pulled += 65_536;
            if (pulled > 50_000_000) controller.error(new Error("The route reads without end."));
            else controller.enqueue(new Uint8Array(65_536));
          },
        });
        const request = new Request("http://site.test/", {
          method,
          body,
          duplex: "half",
        } as RequestInit);
        const { status } = await handler(request, { params: Promise.resolve({}) });
        expect([method, status]).toEqual([method, 413]);
        expect(pulled).toBeLessThan(6_000_000);
      }
    },
  );
});
