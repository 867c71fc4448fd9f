import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { boundRequests } from "@/lib/http/bound-requests.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { flood, openRequest } from "../../support/hostile/endless-body.ts";

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
  const socket = await openRequest({ port, headers });
  closers.push(() => socket.destroy());
  return socket;
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

// A connection that the server closes with unread bytes is reset, which drops a response that was not yet read.
test.each([
  ["the bound of a route", 2_000_000],
  ["the bound of the server", 4_000_000],
])("a sender who reads only after a body beyond %s receives 413", async (_, bytes) => {
  closers.push(boundRequests({ maxBytes: () => 3_000_000 }));
  const port = await serve(echo);
  for (const encoding of [`content-length: ${bytes}`, "transfer-encoding: chunked"]) {
    const socket = await open(port, [encoding]);
    const frame = encoding.startsWith("content-length") ? [] : [`${bytes.toString(16)}\r\n`];
    for (const part of [...frame, ...("x".repeat(bytes).match(/.{1,65536}/g) ?? [])]) {
      if (!socket.write(part)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
      if (socket.destroyed) break;
    }
    if (frame.length > 0) socket.write("\r\n0\r\n\r\n");
    expect(await replies(socket), encoding).toMatch(/^HTTP\/1\.1 413 /);
  }
});

test("a body that is too large is refused with 413 also when its rest stops arriving", async () => {
  const socket = await open(await serve(echo), ["content-length: 200000"]);
  socket.write("x".repeat(150_000));
  expect(await replies(socket)).toMatch(/^HTTP\/1\.1 413 /);
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

describe("the server, for handlers that do not bound a body", () => {
  test("refuses a declared length above the limit with 413, and calls no handler", async () => {
    closers.push(boundRequests({ maxBytes: () => 1_000_000 }));
    let seen = 0;
    const port = await serve(async () => {
      seen += 1;
      return new Response(null);
    });
    const socket = await open(port, ["content-length: 1000001"]);
    expect(await replies(socket)).toMatch(/^HTTP\/1\.1 413 /);
    expect(seen).toBe(0);
  });

  test.each([
    ["is read", async (request: Request) => new Response(await request.text())],
    ["is not read", async () => new Response(null)],
  ])("ends the connection of an endless body that %s", async (_, handle) => {
    closers.push(boundRequests({ maxBytes: () => 1_000_000 }));
    const port = await serve((request) => handle(request).catch(() => new Response(null)));
    const socket = await open(port, ["transfer-encoding: chunked"]);
    socket.resume();
    expect(await flood(socket, 300_000_000)).toBeLessThan(20_000_000);
  });

  test("passes a body within the limit on whole, also without a declared length", async () => {
    closers.push(boundRequests({ maxBytes: () => 1_000_000 }));
    const port = await serve(
      async (request) => new Response(String((await request.text()).length)),
    );
    for (const body of ["x".repeat(1_000_000), new Blob(["x".repeat(1_000_000)]).stream()]) {
      const init = { method: "POST", body, duplex: "half" } as RequestInit;
      const response = await fetch(`http://127.0.0.1:${port}/`, init);
      expect([response.status, await response.text()]).toEqual([200, "1000000"]);
    }
  });
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
